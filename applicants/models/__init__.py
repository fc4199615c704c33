"""Who asks for a loan, what he asks for, what was asked about him, and the lists he came in."""

from applicants.models.application import Application, ApplicationEvent, Inquiry, SupportedWorker
from applicants.models.lists import ImportedList
from applicants.models.people import Applicant, BusinessLine, LineRestriction

__all__ = [
    "Applicant",
    "Application",
    "ApplicationEvent",
    "BusinessLine",
    "ImportedList",
    "Inquiry",
    "LineRestriction",
    "SupportedWorker",
]
