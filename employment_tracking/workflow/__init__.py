"""The only code that changes a state of the monitoring system: job records, campaigns, verification cases.

Lock order: job records by id, cases by id, messages.
"""

from employment_tracking.workflow.claims import claim
from employment_tracking.workflow.corrections import amend, correct, send_back
from employment_tracking.workflow.register import check_new, move, register, void

__all__ = ["amend", "check_new", "claim", "correct", "move", "register", "send_back", "void"]
