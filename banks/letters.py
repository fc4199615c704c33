"""The letter of referral as a paper: its words, its QR code, one PDF for one letter or for many.

Layout: docs/sources.md#letters. The number comes from the office automation and is printed as it was entered.
"""

import io
from collections.abc import Callable, Iterable, Sequence

import segno
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import RoleAssignment
from accounts.roles import Role
from applicants.models import Inquiry
from background.typesetting import typeset
from banks.models import Referral
from iran.calendar import format_jalali, format_jalali_long
from iran.money import in_words, rial, toman_words
from iran.text import to_persian_digits
from working_group.models import AgendaItem, Meeting

MOST_AT_ONCE = 200


def letter_by_code(code: str) -> Referral | None:
    """The referral whose letter carries a verification code; for the public page that says whether it is genuine."""
    rows = Referral.everything.select_related("application__applicant", "branch__bank")
    return rows.filter(verification_code=code.strip().upper()[:20]).first()


def pdf(referrals: Iterable[Referral], *, address_of: Callable[[str], str]) -> bytes:
    """The letters, one page each. ``address_of`` gives the full public address of a verification code."""
    referrals = list(referrals)
    meetings = _meetings([referral.application_id for referral in referrals])
    inquiries = _inquiries([referral.application_id for referral in referrals])
    heads = heads_of({referral.application.programme.county_id for referral in referrals})
    return typeset(
        "banks/referral_letter.typ",
        {
            "letters": [
                letter(
                    referral,
                    meeting=meetings.get(referral.application_id),
                    inquiries=inquiries.get(referral.application_id, []),
                    head=heads.get(referral.application.programme.county_id, ""),
                    address=address_of(referral.verification_code),
                )
                for referral in referrals
            ]
        },
    )


def for_letters(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """The rows with all that a letter prints."""
    return rows.select_related(
        "application__applicant",
        "application__line",
        "application__agency",
        "application__programme__county",
        "branch__bank",
    )


def letter(
    referral: Referral, *, meeting: Meeting | None, inquiries: Sequence[Inquiry], head: str, address: str
) -> dict:
    """What one letter says, as plain text for the template."""
    application, programme = referral.application, referral.application.programme
    applicant, county = application.applicant, programme.county
    year = to_persian_digits(str(programme.year))
    return {
        "office": _("Office of cooperatives, labour and social welfare of %(county)s county") % {"county": county},
        "number": to_persian_digits(referral.letter_number),
        "date": to_persian_digits(format_jalali(referral.letter_on)),
        "attachment": _("reply slip"),
        "to": _("To the head of %(branch)s of %(bank)s")
        % {"branch": referral.branch.name, "bank": _bank_name(referral.branch.bank.name)},
        "subject": _("Introduction of an applicant for the interest-free home-business loan of %(year)s")
        % {"year": year},
        "body": _body(referral, meeting),
        "applicant": applicant.full_name,
        "identifier": to_persian_digits(applicant.identifier),
        "facts": _facts(referral),
        "amount": rial(referral.amount_rial),
        "amount_words": in_words(referral.amount_rial),
        "amount_toman": toman_words(referral.amount_rial),
        "inquiries": [_inquiry_line(inquiry) for inquiry in inquiries],
        "passed_over": referral.passed_over_reason,
        "request": _request(referral),
        "qr": _qr(address),
        "verify_address": address,
        "verification_code": referral.verification_code,
        "signature_title": _("Head of the office of cooperatives, labour and social welfare"),
        "signed_by": head,
        "copies": [
            _("Governor's office of %(county)s county") % {"county": county},
            str(application.agency),
            _("the applicant, to call at the branch with this letter"),
            _("the office's file"),
        ],
    }


def _bank_name(name: str) -> str:
    """«بانک ملی» for «ملی»; a name that has the word keeps it."""
    return name if "بانک" in name else _("Bank %(name)s") % {"name": name}


def _body(referral: Referral, meeting: Meeting | None) -> str:
    programme = referral.application.programme
    parts = [_("on the basis of %(basis)s") % {"basis": programme.budget_basis}] if programme.budget_basis else []
    if meeting is not None:
        facts = {"number": to_persian_digits(str(meeting.number)), "day": format_jalali_long(meeting.held_on)}
        if parts:
            words = _(
                "and by the minutes of meeting %(number)s of the working group of employment and investment of %(day)s"
            )
        else:
            words = _(
                "By the minutes of meeting %(number)s of the working group of employment and investment of %(day)s"
            )
        parts.append(words % facts)
    return _("%(basis)s, the applicant described below is introduced to that branch to receive the loan.") % {
        "basis": " ".join(parts) or _("By the approval of the working group")
    }


def _facts(referral: Referral) -> list[dict]:
    application, applicant = referral.application, referral.application.applicant
    licence = application.licence_number or "—"
    if application.licence_number and application.licence_expires_on:
        licence = _("%(number)s, valid until %(day)s") % {
            "number": to_persian_digits(licence),
            "day": to_persian_digits(format_jalali(application.licence_expires_on)),
        }
    track = str(application.get_track_display())
    rows = [
        (_("applicant's name"), applicant.full_name, False),
        (_("national ID") if applicant.national_id else _("legal ID"), to_persian_digits(applicant.identifier), True),
        (_("father's name"), applicant.father_name, False),
        (_("mobile"), to_persian_digits(applicant.mobile), True),
        (_("kind"), _("%(track)s, pioneer") % {"track": track} if application.is_pioneer else track, False),
        (_("business line"), application.line_name, False),
        (_("licence"), to_persian_digits(licence), False),
        (
            _("promised jobs"),
            _("%(jobs)s persons") % {"jobs": to_persian_digits(str(application.promised_jobs))},
            False,
        ),
        (_("Sheba number"), applicant.sheba, True),
        (_("introducing agency"), str(application.agency), False),
        (_("address"), applicant.address, False),
        (_("postal code"), to_persian_digits(applicant.postal_code), True),
    ]
    return [{"label": label, "value": value or "—", "code": is_code} for label, value, is_code in rows]


def _request(referral: Referral) -> str:
    return _(
        "This letter is valid until %(valid)s. Give your answer until %(due)s (%(days)s days) at the bank desk of the "
        "system or with the reply slip below; without an answer the credit goes to the next name of the reserve."
    ) % {
        "valid": format_jalali_long(referral.valid_until),
        "due": format_jalali_long(referral.answer_due_on),
        "days": to_persian_digits(str((referral.answer_due_on - referral.letter_on).days)),
    }


def _inquiry_line(inquiry: Inquiry) -> str:
    words = to_persian_digits(format_jalali(inquiry.answered_on))
    if inquiry.answer_letter:
        words = _("%(day)s, letter %(number)s") % {"day": words, "number": to_persian_digits(inquiry.answer_letter)}
    return f"{inquiry.get_kind_display()} ({words})"


def _qr(address: str) -> str:
    stream = io.BytesIO()
    segno.make(address, error="m", micro=False).save(stream, kind="svg", border=1, scale=4, xmldecl=False)
    return stream.getvalue().decode()


def _meetings(application_ids: list[int]) -> dict[int, Meeting]:
    """The last signed meeting that had each name on its agenda."""
    items = AgendaItem.everything.filter(application__in=application_ids, meeting__status=Meeting.Status.SIGNED)
    rows = items.select_related("meeting").order_by("meeting__held_on", "meeting_id")
    return {item.application_id: item.meeting for item in rows}


def _inquiries(application_ids: list[int]) -> dict[int, list[Inquiry]]:
    found: dict[int, list[Inquiry]] = {}
    rows = Inquiry.everything.filter(application__in=application_ids).newest_of_each_kind()
    for inquiry in rows:
        if inquiry.result == Inquiry.Result.CLEAR:
            found.setdefault(inquiry.application_id, []).append(inquiry)
    return found


def heads_of(county_ids: set[int]) -> dict[int, str]:
    """Who signs in each county: the head of its labour office, where there is one."""
    rows = RoleAssignment.everything.filter(
        role=Role.OFFICE_HEAD, county__in=county_ids, user__is_active=True, ends_on=None
    ).select_related("user")
    return {row.county_id: row.user.get_full_name() for row in rows.order_by("-pk")}
