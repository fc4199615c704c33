"""What may happen in the monitoring system. Pure: no query, no clock."""

from employment_tracking.rules.claims import AlreadyClaimedError, NothingToClaimError, check_undecided
from employment_tracking.rules.register import (
    CORRECTABLE_FIELDS,
    TRANSITIONS,
    AlreadySentBackError,
    LoanOfAnotherYearError,
    NotCorrectableError,
    NothingChangedError,
    PersonAlreadyCountedError,
    PersonOfOtherAgencyError,
    ReasonMissingError,
    StartOutsideYearError,
    SupporterUnknownError,
    check_correctable,
    check_loan,
    check_move,
    check_start,
    check_supporter,
)

__all__ = [
    "CORRECTABLE_FIELDS",
    "TRANSITIONS",
    "AlreadyClaimedError",
    "AlreadySentBackError",
    "LoanOfAnotherYearError",
    "NotCorrectableError",
    "NothingChangedError",
    "NothingToClaimError",
    "PersonAlreadyCountedError",
    "PersonOfOtherAgencyError",
    "ReasonMissingError",
    "StartOutsideYearError",
    "SupporterUnknownError",
    "check_correctable",
    "check_loan",
    "check_move",
    "check_start",
    "check_supporter",
    "check_undecided",
]
