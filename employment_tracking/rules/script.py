"""The six questions of a call and the codes of their answers. Pure: no query, no clock.

The codes are stored with the attempt and never change; the words may. Of the fifth question there are two forms: about
the loan where the job is of a loan, else about whom the person works for.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from employment_tracking.models import Attempt, JobRecord
from employment_tracking.rules.calls import ScriptError


@dataclass(frozen=True)
class Question:
    """``of_register``: the answer that says the same as the record, where there is one."""

    code: str
    words: Promise
    answers: tuple[tuple[str, Promise], ...]
    of_register: str = ""


IDENTITY = Question(
    "identity",
    _("Am I speaking with the person himself or herself?"),
    (("self", _("Yes, in person")), ("household", _("One of the household")), ("other", _("Somebody else"))),
    "self",
)
WORKS_NOW = Question(
    "works_now",
    _("Do you work in this job now?"),
    (
        ("yes", _("Yes")),
        ("seasonal", _("Yes, by season or now and then")),
        ("stopped", _("No, I have stopped")),
        ("never", _("No, I have never worked in it")),
    ),
    "yes",
)
SINCE = Question(
    "since",
    _("Since when?"),
    (
        ("as_registered", _("As registered")),
        ("earlier", _("Since earlier")),
        ("later", _("Since later")),
        ("not_known", _("Does not remember")),
    ),
    "as_registered",
)
HOURS = Question(
    "hours",
    _("How many hours a week do you work?"),
    (
        ("under_20", _("Less than 20 hours")),
        ("from_20_to_40", _("20 to 40 hours")),
        ("over_40", _("More than 40 hours")),
        ("not_known", _("Does not know")),
    ),
)
LOAN = Question(
    "loan",
    _("Did you receive the home-business loan and spend it on this job?"),
    (
        ("spent_here", _("Received and spent on this job")),
        ("spent_elsewhere", _("Received, spent on something else")),
        ("not_received", _("Not received")),
        ("not_said", _("Does not say")),
    ),
    "spent_here",
)
FOR_WHOM = Question(
    "for_whom",
    _("For whom do you work?"),
    (
        ("self", _("For myself")),
        ("family", _("For the family")),
        ("supporter", _("For a supporter who gives the work")),
        ("employer", _("For an employer")),
    ),
)
WORKPLACE = Question(
    "workplace",
    _("Is the workplace at the registered address?"),
    (
        ("as_registered", _("At the registered address")),
        ("elsewhere_in_county", _("Elsewhere in the county")),
        ("outside_county", _("Outside the county")),
        ("none", _("There is no workplace")),
    ),
    "as_registered",
)
QUESTIONS = {question.code: question for question in (IDENTITY, WORKS_NOW, SINCE, HOURS, LOAN, FOR_WHOM, WORKPLACE)}


def script_for(record: JobRecord) -> tuple[Question, ...]:
    """The six questions that this person is asked."""
    fifth = LOAN if record.funding == JobRecord.Funding.LOAN else FOR_WHOM
    return (IDENTITY, WORKS_NOW, SINCE, HOURS, fifth, WORKPLACE)


def as_registered(record: JobRecord) -> dict[str, str]:
    """The answers of a person who says just what the record says; nothing where the record says nothing."""
    said = {question.code: question.of_register for question in script_for(record) if question.of_register}
    if not record.address:
        said.pop(WORKPLACE.code)
    if record.hours_per_week:
        said[HOURS.code] = _band(record.hours_per_week)
    return said


def _band(hours: int) -> str:
    if hours < 20:
        return "under_20"
    return "from_20_to_40" if hours <= 40 else "over_40"


def outcome_of(answers: dict[str, str]) -> str:
    """Confirmed or denied, from what the person answered. Raises ScriptError."""
    if answers.get("identity", "self") != "self":
        raise ScriptError(
            _(
                "Only the person can answer. If another picked up, choose «call later», or «wrong number» for a stranger."
            ),
            field="identity",
        )
    works = answers.get("works_now")
    if not works:
        raise ScriptError(_("Choose the answer to «do you work in this job now»."), field="works_now")
    if works in ("stopped", "never"):
        return Attempt.Outcome.DENIED
    if "identity" not in answers:
        raise ScriptError(_("Choose whether you spoke with the person."), field="identity")
    return Attempt.Outcome.CONFIRMED
