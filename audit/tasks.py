from celery import shared_task
from django.db import connection


@shared_task
def seal_trail() -> None:
    """Close the finished stretch of the audit trail. Safe at any time and any number of times."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_seal()")
