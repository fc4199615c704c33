"""The monitoring system: job records, what the checks found about them, and how each one is verified."""

from employment_tracking.models.claims import ClaimDispute
from employment_tracking.models.evidence import JobEvidence
from employment_tracking.models.flags import RecordFlag
from employment_tracking.models.guesses import CodeGuess
from employment_tracking.models.known import KnownWorker
from employment_tracking.models.record import JobRecord, JobRecordEvent
from employment_tracking.models.reminder import PaceReminder
from employment_tracking.models.returns import RecordReturn
from employment_tracking.models.verification import Attempt, Campaign, VerificationCase

__all__ = [
    "Attempt",
    "Campaign",
    "ClaimDispute",
    "CodeGuess",
    "JobEvidence",
    "JobRecord",
    "JobRecordEvent",
    "KnownWorker",
    "PaceReminder",
    "RecordFlag",
    "RecordReturn",
    "VerificationCase",
]
