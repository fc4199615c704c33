"""Changes of what the county was given: credit notices and the pools they fill."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from iran.money import rial
from quotas import ledger
from quotas.models import CreditNotice, CreditNoticeShare, CreditPool, Programme
from quotas.rules import EmptyNoticeError, LetterAlreadyRecordedError, NoticeBelowUseError, share_field


@transaction.atomic
def record_notice(
    *, programme_id: int, letter_number: str, dated_on: date, shares: dict[int | None, int], by, note: str = ""
) -> CreditNotice:
    """Record a letter that changes the credit. ``shares`` maps a bank's id (``None``: general pool) to rial, signed.

    A missing pool is opened. Raises EmptyNoticeError, LetterAlreadyRecordedError, NoticeBelowUseError (C4).
    """
    changes = {bank_id: change for bank_id, change in shares.items() if change}
    if not changes:
        raise EmptyNoticeError
    programme = Programme.everything.select_for_update(of=("self",), no_key=True).get(pk=programme_id)
    if CreditNotice.everything.filter(programme=programme, letter_number=letter_number).exists():
        raise LetterAlreadyRecordedError
    for bank_id in changes:
        CreditPool.everything.get_or_create(programme=programme, bank_id=bank_id)
    pools = ledger.lock_pools(programme_id=programme_id)
    notice = CreditNotice.everything.create(
        programme=programme, letter_number=letter_number, dated_on=dated_on, note=note, recorded_by=by
    )
    for bank_id, change in sorted(changes.items(), key=lambda item: pools[item[0]].pk):
        _apply(notice, pools[bank_id], change, by=by)
    return notice


def _apply(notice: CreditNotice, pool: CreditPool, change_rial: int, *, by) -> None:
    CreditNoticeShare.everything.create(notice=notice, pool=pool, change_rial=change_rial)
    if change_rial > 0:
        ledger.announce(pool, change_rial, notice=notice, by=by)
        return
    if -change_rial > pool.left_rial:
        raise NoticeBelowUseError(
            _("%(pool)s: %(used)s of the credit is in use; this notice would leave %(short)s too little.")
            % {"pool": pool, "used": rial(pool.used_rial), "short": rial(-change_rial - pool.left_rial)},
            field=share_field(pool.bank_id),
        )
    ledger.take_back(pool, -change_rial, notice=notice, by=by)
