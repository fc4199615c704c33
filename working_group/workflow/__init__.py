"""The only code that changes a meeting's state: agenda, session, decisions, signing, and the reserve that moves up.

Lock order: programme, pools, meeting, applications by id.
"""

from working_group.workflow.agenda import describe_meeting, plan_meeting, prepare_agenda, remove_name, take_up
from working_group.workflow.reserve import meet_condition, promote_reserve
from working_group.workflow.session import (
    decide,
    decide_unflagged,
    declare_interest,
    open_session,
    quorum_of,
    record_attendance,
    reserve_below_line,
)
from working_group.workflow.signing import sign

__all__ = [
    "decide",
    "decide_unflagged",
    "declare_interest",
    "describe_meeting",
    "meet_condition",
    "open_session",
    "plan_meeting",
    "prepare_agenda",
    "promote_reserve",
    "quorum_of",
    "record_attendance",
    "remove_name",
    "reserve_below_line",
    "sign",
    "take_up",
]
