"""The only code that issues monthly reminders: the letter, the record and the message in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from background.models import StoredFile
from employment_tracking import reminder_letters
from employment_tracking.expectations import expectations, loans_without_jobs
from employment_tracking.models import PaceReminder
from employment_tracking.pace import AgencyPace, pace_of_agencies
from employment_tracking.reminder_letters import Reminder
from employment_tracking.rules.reminders import check_letter, month_of_reminder
from iran.calendar import format_jalali
from messaging import outbox, texts
from quotas.models import JobQuota, Programme

PURPOSE = "pace_reminder"


@dataclass
class Outcome:
    """``refused``: sentences, one for each agency that got no letter."""

    issued: list[PaceReminder] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@transaction.atomic
def remind(*, programme_id: int, numbers: Mapping[int, str], letter_on: date, by, today: date) -> Outcome:
    """Issue this month's reminder to the agencies of ``numbers`` (agency → letter number).

    Whoever is not behind any more, or got this month's reminder already, is refused and named. Issuing waits for a
    colleague who issues to the same agencies. Raises ReminderNumberError, ReminderLetterDayError.
    """
    check_letter(numbers=list(numbers.values()), letter_on=letter_on, today=today)
    programme = Programme.everything.select_related("county").get(pk=programme_id)
    locked = JobQuota.everything.filter(programme=programme, agency__in=list(numbers)).order_by("pk")
    list(locked.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    month, outcome = month_of_reminder(today), Outcome()
    reminded = set(PaceReminder.everything.filter(programme=programme, month=month).values_list("agency_id", flat=True))
    lacking = _loans(programme, list(numbers), today=today)
    reminders = []
    for found in pace_of_agencies(programme, as_of=today, agencies=list(numbers)):
        if refusal := _refusal(found, reminded):
            outcome.refused.append(refusal)
            continue
        agency = found.agency.pk
        reminders.append(Reminder(programme, found, numbers[agency], letter_on, today, loans=lacking.get(agency, [])))
    messages = _messages(reminders, month=month)
    for reminder in reminders:
        outcome.issued.append(_issue(reminder, month=month, message_id=messages.get(reminder.found.agency.pk), by=by))
    return outcome


def _refusal(found: AgencyPace, reminded: set[int]) -> str:
    if found.agency.pk in reminded:
        return _("%(agency)s got this month's reminder already.") % {"agency": found.agency}
    if not found.behind:
        return _("%(agency)s is not behind its plan any more.") % {"agency": found.agency}
    return ""


def _loans(programme: Programme, agencies: list[int], *, today: date) -> dict[int, list]:
    found: dict[int, list] = {}
    for loan in expectations(loans_without_jobs(programme, agencies=agencies), programme, today=today):
        found.setdefault(loan.loan.agency_id, []).append(loan)
    return found


def _messages(reminders: list[Reminder], *, month: str) -> dict[int, int]:
    """The rows of the outbox by agency; whoever has no contact gets the letter alone."""
    reachable = [reminder for reminder in reminders if reminder.found.agency.contact_mobile]
    if not reachable:
        return {}
    county = reachable[0].programme.county_id
    said = texts.render_many(reminder_letters.TEXT_CODE, county, [reminder.places() for reminder in reachable])
    keys = {reminder.found.agency.pk: _key(reminder, month) for reminder in reachable}
    ids = outbox.add_many(
        outbox.Draft(
            key=_key(reminder, month),
            county_id=county,
            to=reminder.found.agency.contact_mobile,
            text=text,
            purpose=PURPOSE,
        )
        for reminder, text in zip(reachable, said, strict=True)
    )
    return {agency: ids[key] for agency, key in keys.items()}


def _key(reminder: Reminder, month: str) -> str:
    return f"pace-reminder:{reminder.programme.pk}:{reminder.found.agency.pk}:{month}"


def _issue(reminder: Reminder, *, month: str, message_id: int | None, by) -> PaceReminder:
    agency = reminder.found.agency
    name = _("reminder %(agency)s %(day)s") % {"agency": agency, "day": format_jalali(reminder.letter_on)}
    letter = StoredFile.keep(
        name=f"{name.replace('/', '-')}.pdf",
        content_type="application/pdf",
        content=reminder_letters.pdf(reminder),
        by=by,
    )
    return PaceReminder.everything.create(
        programme=reminder.programme,
        agency=agency,
        month=month,
        letter_number=reminder.number,
        letter_on=reminder.letter_on,
        letter=letter,
        figures=reminder.figures(),
        contact_name=agency.contact_name,
        contact_mobile=agency.contact_mobile,
        message_id=message_id,
        sent_by=by,
    )
