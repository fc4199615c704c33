"""Running the rules: one statement per rule that finds, writes what is new and clears what is gone."""

from collections.abc import Iterable

from django.db import connection, transaction

from employment_tracking.checks.rules import CHECKS, OLDEST_WORKER_YEARS, Check
from quotas.models import Programme

_STATEMENT = """
WITH counted AS NOT MATERIALIZED (
    SELECT * FROM employment_tracking_jobrecord
    WHERE programme_id = %(programme)s AND status NOT IN ('void', 'duplicate')
), wanted AS NOT MATERIALIZED (
    SELECT * FROM counted {narrowed}
), found (record_id, detail) AS MATERIALIZED (
    {rule}
), cleared AS (
    UPDATE employment_tracking_recordflag flag SET cleared_at = statement_timestamp()
    WHERE flag.code = %(code)s AND flag.cleared_at IS NULL AND flag.record_id IN ({scope})
      AND NOT EXISTS (SELECT FROM found WHERE found.record_id = flag.record_id)
    RETURNING 1
), written AS (
    INSERT INTO employment_tracking_recordflag AS flag (record_id, code, severity, detail, found_at)
    SELECT record_id, %(code)s, %(severity)s, detail, now() FROM found
    ON CONFLICT (record_id, code) WHERE cleared_at IS NULL
    DO UPDATE SET severity = EXCLUDED.severity, detail = EXCLUDED.detail
    WHERE (flag.severity, flag.detail) IS DISTINCT FROM (EXCLUDED.severity, EXCLUDED.detail)
    RETURNING (xmax = 0) AS is_new
)
SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM written WHERE is_new), (SELECT count(*) FROM cleared)
"""
_WHOLE = {"narrowed": "", "scope": "SELECT id FROM employment_tracking_jobrecord WHERE programme_id = %(programme)s"}
_FEW = {"narrowed": "WHERE id = ANY(%(records)s)", "scope": "SELECT unnest(%(records)s::bigint[])"}

# Records that share with the given ones what a rule compares: mobile, postal code, address, supporter. Each a look-up
# in an index; that a postal code or an address is not empty is said of the other record, whose indexes leave out empty ones.
_TOUCHED = """
WITH own AS (SELECT * FROM employment_tracking_jobrecord WHERE id = ANY(%(records)s))
SELECT id FROM own
UNION SELECT other.id FROM own JOIN employment_tracking_jobrecord other USING (programme_id, mobile)
UNION SELECT other.id FROM own JOIN employment_tracking_jobrecord other USING (programme_id, postal_code)
      WHERE other.postal_code <> ''
UNION SELECT other.id FROM own JOIN employment_tracking_jobrecord other USING (programme_id, address_key)
      WHERE other.address_key <> ''
UNION SELECT other.id FROM own JOIN employment_tracking_jobrecord other USING (supporter_id)
UNION SELECT other.id FROM own
      JOIN applicants_supportedworker mine USING (programme_id, national_id)
      JOIN applicants_supportedworker mate ON mate.application_id = mine.application_id
      JOIN employment_tracking_jobrecord other
        ON other.programme_id = mate.programme_id AND other.national_id = mate.national_id
"""


def check_programme(programme: Programme) -> dict[str, dict[str, int]]:
    """Check every record of a programme, as each night. Gives of each rule how many it finds, new and cleared ones."""
    with transaction.atomic():
        _one_at_a_time(programme)
        return _run(programme, None)


def check_every_programme() -> dict:
    """Every programme one after another; what one finds is kept whatever becomes of the next."""
    rules = {str(code): {"found": 0, "new": 0, "cleared": 0} for code in CHECKS}
    programmes = list(Programme.everything.select_related("county").order_by("pk"))
    for programme in programmes:
        for code, numbers in check_programme(programme).items():
            for name, number in numbers.items():
                rules[code][name] += number
    return {"programmes": len(programmes), "rules": rules}


def check_records(records: Iterable[int], *, touched_before: Iterable[int] = ()) -> None:
    """Check the records of an entry and those that they touch, in the transaction of the entry.

    ``touched_before``: what the records touched before they were changed (``touched``).
    """
    changed, before = list(records), set(touched_before)
    programmes = Programme.everything.filter(job_records__in=changed).select_related("county").distinct()
    with transaction.atomic():
        for programme in programmes.order_by("pk"):
            _one_at_a_time(programme)  # before looking whom the entry touches: the one before it is seen
            _run(programme, sorted(touched(changed) | before))


def touched(records: Iterable[int]) -> set[int]:
    """The records, and those that share with them what a rule compares."""
    wanted = list(records)
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"records": wanted})
        return {row[0] for row in cursor.fetchall()}


def _run(programme: Programme, records: list[int] | None) -> dict[str, dict[str, int]]:
    values = _values(programme) | {"records": records}
    results = {}
    with connection.cursor() as cursor:
        if records is None:
            cursor.execute("SET LOCAL statement_timeout = '600s'")
        for check in CHECKS.values():
            cursor.execute(
                _sql(check, whole=records is None), values | {"code": check.code, "severity": check.severity}
            )
            results[str(check.code)] = dict(zip(("found", "new", "cleared"), cursor.fetchone(), strict=True))
    return results


def _one_at_a_time(programme: Programme) -> None:
    """Two entries that share a mobile each see the other: the checks of one programme run one after another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('job_checks'), %s)", [programme.pk])


def _sql(check: Check, *, whole: bool) -> str:
    return _STATEMENT.format(rule=check.sql, **(_WHOLE if whole else _FEW))


def _values(programme: Programme) -> dict:
    return {
        "programme": programme.pk,
        "county": programme.county_id,
        "year": programme.year,
        "opens_on": programme.opens_on,
        "closes_on": programme.closes_on,
        "youngest": programme.rule("minimum_working_age_years"),
        "oldest": OLDEST_WORKER_YEARS,
        "shared_mobile": programme.rule("shared_mobile_records"),
        "cluster": programme.rule("address_cluster_records"),
    }
