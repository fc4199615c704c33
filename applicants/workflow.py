"""The only code that changes an application's state or registers one."""

import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from applicants import rules
from applicants.models import Applicant, Application, ApplicationEvent, Inquiry
from quotas import ledger
from quotas.models import RequiredInquiry
from quotas.rules import check_amount, check_jobs

Status = Application.Status
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: it is read aloud


def new_tracking_code(year: int) -> str:
    """A code that cannot be guessed (about 49 bits), said over the phone without mistakes."""
    return f"{year}-" + "".join(secrets.choice(_CODE_LETTERS) for _ in range(10))


def new_tracking_codes(year: int, count: int) -> list[str]:
    """As many codes at once, each as hard to guess: bytes above the last whole run of letters are thrown away."""
    whole = 256 - 256 % len(_CODE_LETTERS)
    table = bytes(ord(_CODE_LETTERS[number % len(_CODE_LETTERS)]) for number in range(256))
    letters = ""
    while len(letters) < 10 * count:
        letters += secrets.token_bytes(11 * count + 20).translate(table, bytes(range(whole, 256))).decode()
    return [f"{year}-{letters[start : start + 10]}" for start in range(0, 10 * count, 10)]


def move(application: Application, *, to: str, by, reason: str = "", letter_number: str = "") -> None:
    """Take one arrow: check it, write the state and its event. The caller holds the row's lock.

    Raises WrongStateError.
    """
    rules.check_move(application, to=to)
    came_from, application.status = application.status, to
    application.save(update_fields=["status"])
    ApplicationEvent.everything.create(
        application=application,
        from_status=came_from,
        to_status=to,
        reason=reason,
        letter_number=letter_number,
        happened_by=by,
    )


def lock(application_id: int) -> Application:
    """The application, locked. Pools, if they are needed, are locked before."""
    rows = Application.everything.locked().select_related("applicant", "programme", "agency", "line__restriction")
    return rows.get(pk=application_id)


@transaction.atomic
def register(*, applicant: Applicant, application: Application, by) -> Application:
    """Register a person's application as entered by hand; ``application`` is unsaved and has its fields filled.

    Raises LiveApplicationExistsError, AmountOverCeilingError, JobsOutOfRangeError, LineExcludedError.
    """
    term = application.programme.terms_by_track[application.track]
    check_jobs(term, promised_jobs=application.promised_jobs)
    check_amount(term, promised_jobs=application.promised_jobs, amount_rial=application.requested_rial)
    rules.check_line(application)
    applicant.save()
    application.applicant = applicant
    application.tracking_code = new_tracking_code(application.programme.year)
    application.registered_by = by
    application.status = Status.REGISTERED
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError as error:
        if "application_one_live_per_person" not in str(error):
            raise
        raise rules.LiveApplicationExistsError from error
    ApplicationEvent.everything.create(application=application, to_status=Status.REGISTERED, happened_by=by)
    return application


def person_with(*, national_id: str = "", legal_id: str = "") -> Applicant | None:
    """Whoever is on file under this ID, in whatever year and county."""
    wanted = {"national_id": national_id} if national_id else {"legal_id": legal_id}
    return Applicant.everything.filter(**wanted).first()


@transaction.atomic
def correct(*, application_id: int, changes: dict, by) -> Application:
    """Put right what an application says. What is asked and promised stands once it is found eligible.

    Raises WrongStateError, AmountOverCeilingError, JobsOutOfRangeError, LineExcludedError.
    """
    application = lock(application_id)
    rules.check_correctable(application, fields=changes)
    for name, value in changes.items():
        setattr(application, name, value)
    if rules.ASKED.intersection(changes):
        term = application.programme.terms_by_track[application.track]
        check_jobs(term, promised_jobs=application.promised_jobs)
        check_amount(term, promised_jobs=application.promised_jobs, amount_rial=application.requested_rial)
        rules.check_line(application)
    application.save(update_fields=list(changes))
    return application


@transaction.atomic
def find_eligible(*, application_ids: Iterable[int], by) -> list[Application]:
    """The office finds registered applications eligible: they may go on an agenda. All or none.

    Raises WrongStateError, LineExcludedError, AmountOverCeilingError, JobsOutOfRangeError.
    """
    rows = Application.everything.locked().select_related("applicant", "programme", "line__restriction")
    applications = list(rows.filter(pk__in=list(application_ids)))
    for application in applications:
        term = application.programme.terms_by_track[application.track]
        check_jobs(term, promised_jobs=application.promised_jobs)
        check_amount(term, promised_jobs=application.promised_jobs, amount_rial=application.requested_rial)
        rules.check_line(application)
        move(application, to=Status.ELIGIBLE, by=by)
    return applications


@transaction.atomic
def find_ineligible(*, application_id: int, reason: str, by) -> None:
    """The office finds an application not eligible, with a reason. Raises WrongStateError, ReasonMissingError."""
    rules.check_reason(reason)
    move(lock(application_id), to=Status.INELIGIBLE, by=by, reason=reason)


@transaction.atomic
def return_for_completion(*, application_id: int, reason: str, by) -> None:
    """Send an application back to its agency to be completed. Raises WrongStateError, ReasonMissingError."""
    rules.check_reason(reason)
    move(lock(application_id), to=Status.RETURNED, by=by, reason=reason)


@transaction.atomic
def resubmit(*, application_id: int, by) -> None:
    """A completed application comes back. Raises WrongStateError."""
    move(lock(application_id), to=Status.REGISTERED, by=by)


@transaction.atomic
def record_inquiry(
    *, application_id: int, kind: str, asked_on: date, asked_of: str = "", asked_letter: str = "", by
) -> Inquiry:
    """Write down that another body was asked about an applicant."""
    application = lock(application_id)
    return Inquiry.everything.create(
        application=application,
        kind=kind,
        asked_on=asked_on,
        asked_of=asked_of,
        asked_letter=asked_letter,
        recorded_by=by,
    )


@transaction.atomic
def answer_inquiry(
    *,
    inquiry_id: int,
    result: str,
    answered_on: date,
    by,
    answer_letter: str = "",
    valid_until: date | None = None,
    note: str = "",
    evidence=None,
) -> Inquiry:
    """Write down the answer. Where no day is given, a clear one holds as many days as the year says for its kind.

    Raises WrongStateError when it is answered already: another answer needs another inquiry.
    """
    inquiry = (
        Inquiry.everything.select_for_update(of=("self",), no_key=True).select_related("application").get(pk=inquiry_id)
    )
    rules.check_unanswered(inquiry)
    if valid_until is None and result == Inquiry.Result.CLEAR:
        valid_until = answered_on + timedelta(days=_validity_days(inquiry))
    inquiry.result, inquiry.answered_on, inquiry.valid_until = result, answered_on, valid_until
    inquiry.answer_letter, inquiry.note, inquiry.evidence, inquiry.recorded_by = answer_letter, note, evidence, by
    inquiry.save()
    return inquiry


@transaction.atomic
def ask_required(*, application_ids: Iterable[int], asked_on: date, by) -> int:
    """Ask whatever the year requires of these applications and is not asked, waiting or in date. Gives their number."""
    applications = list(Application.everything.locked().filter(pk__in=list(application_ids)))
    standing: dict[int, set[str]] = {application.pk: set() for application in applications}
    for inquiry in Inquiry.everything.filter(application__in=applications).newest_of_each_kind():
        if inquiry.result == Inquiry.Result.PENDING or (inquiry.valid_until and inquiry.valid_until >= asked_on):
            standing[inquiry.application_id].add(inquiry.kind)
    required: dict[tuple[int, str], list[str]] = {}
    for demand in RequiredInquiry.objects.filter(programme__in={a.programme_id for a in applications}):
        required.setdefault((demand.programme_id, demand.track), []).append(demand.kind)
    missing = [
        Inquiry(application=application, kind=kind, asked_on=asked_on, recorded_by=by)
        for application in applications
        for kind in required.get((application.programme_id, application.track), [])
        if kind not in standing[application.pk]
    ]
    return len(Inquiry.everything.bulk_create(missing))


def _validity_days(inquiry: Inquiry) -> int:
    demand = RequiredInquiry.objects.filter(
        programme_id=inquiry.application.programme_id, track=inquiry.application.track, kind=inquiry.kind
    ).first()
    return demand.validity_days if demand else 30


@transaction.atomic
def withdraw(*, application_id: int, reason: str, by) -> None:
    """The applicant withdraws; credit held for him is free at once. Raises WrongStateError, ReasonMissingError."""
    end_unreferred(application_id=application_id, to=Status.WITHDRAWN, reason=reason, by=by)


@transaction.atomic
def reject_after_inquiry(*, application_id: int, reason: str, by, today: date) -> None:
    """Reject an approved name whose inquiry shows an obstacle that blocks or was not cured in time.

    Raises WrongStateError, ReasonMissingError, CureTimeError.
    """
    application = Application.everything.select_related("programme").get(pk=application_id)
    newest = Inquiry.everything.filter(application=application).newest_of_each_kind()
    rules.check_rejectable(newest, cure_days=application.programme.rule("inquiry_cure_days"), today=today)
    end_unreferred(application_id=application_id, to=Status.REJECTED, reason=reason, by=by)


@transaction.atomic
def end_unreferred(*, application_id: int, to: str, reason: str, by) -> None:
    """End an application that is not at a bank and release what is held for it."""
    rules.check_reason(reason)
    programme_id = Application.everything.values_list("programme_id", flat=True).get(pk=application_id)
    ledger.lock_pools(programme_id=programme_id)
    application = lock(application_id)
    move(application, to=to, by=by, reason=reason)
    commitment = ledger.live_commitment(application.pk)
    if commitment is not None:
        ledger.release(commitment, by=by, reason=reason[:300])
