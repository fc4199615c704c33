"""The history of a record: ``{% history_of record as steps %}``, newest first."""

from django import template
from django.db.models import Model

from audit.history import Step, steps
from audit.models import AuditEntry

register = template.Library()
MOST_STEPS = 100


@register.simple_tag
def history_of(record: Model) -> list[Step]:
    return steps(AuditEntry.objects.of(record)[:MOST_STEPS])
