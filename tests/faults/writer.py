"""``python -m tests.faults.writer 10000 60``: so many messages, a handful at a time, over so many seconds.

PostgreSQL may go away in the middle; what was not committed is written again under the same keys.
"""

import sys
import time

import django

django.setup()

from django.db import Error, connection, transaction  # noqa: E402

from accounts.models import County  # noqa: E402
from messaging import outbox  # noqa: E402
from messaging.models import SendingRules  # noqa: E402

AT_ONCE = 40


def main(many: int, seconds: float) -> None:
    county = persistently(a_county)
    began = time.monotonic()
    for first in range(0, many, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, many))
        persistently(outbox.add_many, [draft(county, number) for number in numbers])
        time.sleep(max(0, began + seconds * (first + AT_ONCE) / many - time.monotonic()))


def a_county() -> County:
    with transaction.atomic():
        county, _ = County.objects.get_or_create(code="9999", defaults={"name": "آزمون"})
        SendingRules.everything.get_or_create(
            county=county,
            defaults={"quiet_from": "00:00", "quiet_until": "00:00", "daily_per_person": 100, "daily_total": 1_000_000},
        )
    return county


def draft(county: County, number: int) -> outbox.Draft:
    return outbox.Draft(
        key=f"trial:{number}", county_id=county.pk, to=f"0913{number:07d}", text=f"پیام {number}", purpose="notice"
    )


def persistently(work, *given):
    while True:
        try:
            return work(*given)
        except Error as problem:
            print(f"written again: {problem}", file=sys.stderr, flush=True)
            connection.close()
            time.sleep(0.3)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
