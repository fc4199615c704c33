"""The locks that the verbs of a meeting take, always in the one order: programme, pools, meeting, applications."""

from quotas.models import Programme
from working_group.models import Meeting


def lock_programme(*, meeting_id: int) -> None:
    """One agenda of a programme is drawn up at a time, so that no name stands on two."""
    programmes = Programme.everything.filter(meetings=meeting_id)
    programmes.select_for_update(of=("self",), no_key=True).get()


def lock(meeting_id: int) -> Meeting:
    rows = Meeting.everything.select_for_update(of=("self",), no_key=True)
    return rows.select_related("programme__county", "signed_by").get(pk=meeting_id)
