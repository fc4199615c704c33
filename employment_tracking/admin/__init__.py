"""The office's desk of the monitoring system, a room per kind of record."""

from employment_tracking.admin.claims import ClaimDisputeAdmin
from employment_tracking.admin.flags import RecordFlagAdmin
from employment_tracking.admin.records import JobRecordAdmin

__all__ = ["ClaimDisputeAdmin", "JobRecordAdmin", "RecordFlagAdmin"]
