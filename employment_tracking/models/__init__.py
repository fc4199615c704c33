"""The monitoring system: job records, what the checks found about them, and how each one is verified."""

from employment_tracking.models.flags import RecordFlag
from employment_tracking.models.record import JobRecord, JobRecordEvent
from employment_tracking.models.verification import Attempt, Campaign, VerificationCase

__all__ = ["Attempt", "Campaign", "JobRecord", "JobRecordEvent", "RecordFlag", "VerificationCase"]
