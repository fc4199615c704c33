"""Payments at the bank: written, looked at once more, recorded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from abarkuh_loans.errors import RuleError, WrongStateError
from background.idempotency import KeyReusedError
from banks import rules, workflow
from banks.forms import PaymentForm
from banks.models import Referral
from banks.sending import once
from banks.views.answers import own
from banks.views.bank_desk import answers
from iran.calendar import format_jalali, format_jalali_long, programme_today
from iran.money import million_rial, rial


def _left_rial(referral: Referral) -> int:
    return (referral.payable_rial or referral.amount_rial) - referral.paid_sum_rial


def _form_page(request: HttpRequest, referral: Referral, form: PaymentForm, status: int = 200) -> HttpResponse:
    context = {"referral": referral, "form": form, "left_rial": _left_rial(referral)}
    return render(request, "banks/payment.html", context, status=status)


@require_GET
@answers
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    referral = own(pk)
    if referral.status not in rules.PAYABLE:
        return redirect("bank-referral", pk=pk)
    first = {"paid_on": programme_today(), "amount_rial": _left_rial(referral)}
    return _form_page(request, referral, PaymentForm(initial=first))


def _check(referral: Referral, given: dict) -> None:
    rules.check_payable_state(referral)
    rules.check_payment_day(given["paid_on"], letter_on=referral.letter_on, today=programme_today())
    rules.check_payment_within(referral, paid_rial=referral.paid_sum_rial, amount_rial=given["amount_rial"])


@require_POST
@answers
def payment_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be recorded, once more, before it is."""
    referral = own(pk)
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return _form_page(request, referral, form, 422)
    given = form.cleaned_data
    try:
        _check(referral, given)
    except RuleError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _form_page(request, referral, form, 422)
    left = _left_rial(referral) - given["amount_rial"]
    context = {
        "referral": referral,
        "rows": _summary(referral, given, left),
        "hidden": {
            "key": given["key"],
            "contract_number": given["contract_number"],
            "paid_on": format_jalali(given["paid_on"]),
            "amount_rial": given["amount_rial"],
            **({"is_final": "on"} if given["is_final"] else {}),
        },
        "button": _("Record the payment of %(amount)s million rial") % {"amount": million_rial(given["amount_rial"])},
    }
    return render(request, "banks/payment_check.html", context)


def _summary(referral: Referral, given: dict, left: int) -> list[dict]:
    after = _("the file is fully paid")
    if left and given["is_final"]:
        after = _("the file is closed and %(left)s is given back to the credit") % {"left": rial(left)}
    elif left:
        after = _("%(left)s is still to be paid") % {"left": rial(left)}
    return [
        {"label": _("applicant"), "value": referral.application.applicant.full_name},
        {"label": _("Contract number"), "value": given["contract_number"], "code": True},
        {"label": _("Day of payment"), "value": format_jalali_long(given["paid_on"])},
        {"label": _("Amount paid (rial)"), "value": rial(given["amount_rial"])},
        {"label": _("After this payment"), "value": after},
    ]


@require_POST
@answers
def payment_record(request: HttpRequest, pk: int) -> HttpResponse:
    referral = own(pk)
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return _form_page(request, referral, form, 422)
    given = dict(form.cleaned_data)
    try:
        body = once(
            user=request.user,
            key=given.pop("key"),
            endpoint=f"payment-record:{pk}",
            content=given,
            act=lambda: {"payment": _record(pk, given, by=request.user)},
        )
    except (WrongStateError, KeyReusedError) as error:
        messages.error(request, str(error))
        return redirect("bank-referral", pk=pk)
    except RuleError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _form_page(request, own(pk), form, 422)
    return redirect("payment-done", pk=pk, number=body["payment"])


def _record(pk: int, given: dict, *, by) -> int:
    return workflow.record_payment(referral_id=pk, by=by, today=programme_today(), **given).pk


@require_GET
@answers
def payment_done(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    referral = own(pk)
    waiting = Referral.objects.payable().exclude(pk=pk)
    context = {"referral": referral, "reference": f"{referral.letter_number}-{number}", "next": waiting.first()}
    return render(request, "banks/payment_done.html", context)
