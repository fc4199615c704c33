"""The office's own words for a message."""

from django.db import transaction
from django.db.models.functions import Now

from iran.text import clean
from messaging import texts
from messaging.models import MessageTemplate


@transaction.atomic
def change(*, county_id: int, code: str, text: str, by) -> None:
    """From now on this county's messages of this kind say so; what is in the outbox already stays as it is.

    Raises TextRefusedError.
    """
    text = clean(text, multiline=True)
    texts.check(texts.declared(code), text)
    MessageTemplate.everything.update_or_create(
        county_id=county_id, code=code, defaults={"text": text, "changed_at": Now(), "changed_by": by}
    )
