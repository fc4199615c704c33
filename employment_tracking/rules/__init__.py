"""What may happen in the monitoring system. Pure: no query, no clock."""

from employment_tracking.rules.register import (
    TRANSITIONS,
    PersonAlreadyCountedError,
    ReasonMissingError,
    StartOutsideYearError,
    check_move,
    check_start,
)

__all__ = [
    "TRANSITIONS",
    "PersonAlreadyCountedError",
    "ReasonMissingError",
    "StartOutsideYearError",
    "check_move",
    "check_start",
]
