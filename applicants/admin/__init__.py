"""The applicants' part of the office's desk."""

from applicants.admin.applications import ApplicationAdmin
from applicants.admin.people import ApplicantAdmin, BusinessLineAdmin
from applicants.admin.steps import ImportedListAdmin, InquiryAdmin

__all__ = ["ApplicantAdmin", "ApplicationAdmin", "BusinessLineAdmin", "ImportedListAdmin", "InquiryAdmin"]
