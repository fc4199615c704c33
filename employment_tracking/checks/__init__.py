"""The automatic checks of job records: named rules, each one SQL statement, at entry and again every night."""

from employment_tracking.checks.rules import CHECKS, Check, said
from employment_tracking.checks.running import check_every_programme, check_programme, check_records, touched

__all__ = ["CHECKS", "Check", "check_every_programme", "check_programme", "check_records", "said", "touched"]
