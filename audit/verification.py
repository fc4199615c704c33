"""Is the trail whole? Recomputes every chain and seal, and holds the trail against the rows as they stand now."""

from django.db import connections

_BROKEN_CHAINS = """
    SELECT table_name, row_id, version FROM (
        SELECT *, lag(digest) OVER row AS previous, lag(version) OVER row AS previous_version
        FROM audit_auditentry WINDOW row AS (PARTITION BY table_name, row_id ORDER BY version)) e
    WHERE version <> coalesce(previous_version, 0) + 1
       OR digest <> audit_digest(previous, table_name, row_id, version, operation, actor_id, at, old, new)
    ORDER BY table_name, row_id, version LIMIT 1000
"""
_BROKEN_SEALS = """
    SELECT s.below_transaction FROM (
        SELECT *, coalesce(lag(below_transaction) OVER w, 0) AS above, lag(digest) OVER w AS previous
        FROM audit_auditseal WINDOW w AS (ORDER BY below_transaction)) s,
    LATERAL (SELECT count(*) AS entries, string_agg(digest, ''::bytea ORDER BY id) AS digests FROM audit_auditentry
             WHERE transaction >= s.above AND transaction < s.below_transaction) e
    WHERE e.entries <> s.entries OR s.digest <> sha256(coalesce(s.previous, ''::bytea) || coalesce(e.digests, ''::bytea))
"""
_TRACKED = """
    SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgname = 'audit_changed' ORDER BY c.relname
"""
_DIFFERENT = """
    WITH latest AS (SELECT DISTINCT ON (row_id) row_id, operation, new FROM audit_auditentry
                    WHERE table_name = %(table)s ORDER BY row_id, version DESC),
         present AS (SELECT j.row ->> 'id' AS row_id, j.row FROM (SELECT to_jsonb(r) AS row FROM {table} r) j)
    SELECT coalesce(present.row_id, latest.row_id) FROM present FULL JOIN latest USING (row_id)
    WHERE (present.row_id IS NULL AND latest.operation <> 'D')
       OR (present.row_id IS NOT NULL AND (latest.row_id IS NULL OR latest.operation = 'D'))
       OR (present.row_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM jsonb_each(latest.new) stored
            WHERE present.row ? stored.key AND present.row -> stored.key IS DISTINCT FROM stored.value))
    LIMIT 1000
"""


def verify(*, using: str = "default") -> dict:
    """Name every place where the trail and the data do not agree.

    Returns ``{"rows": entries read, "broken": [{"table", "row", "version", "fault"}]}`` with faults ``chain`` (an entry
    was edited or removed), ``seal`` (a closed stretch lost or gained entries) and ``state`` (a row does not stand as its
    last entry left it, so somebody changed it with the triggers switched off).
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SET TimeZone = 'UTC'")
        cursor.execute("SELECT count(*) FROM audit_auditentry")
        entries = cursor.fetchone()[0]
        cursor.execute(_BROKEN_CHAINS)
        broken = [_fault(table, row, version, "chain") for table, row, version in cursor.fetchall()]
        cursor.execute(_BROKEN_SEALS)
        broken += [_fault("audit_auditseal", below, None, "seal") for (below,) in cursor.fetchall()]
        cursor.execute(_TRACKED)
        for (table,) in cursor.fetchall():
            cursor.execute(_DIFFERENT.format(table=connections[using].ops.quote_name(table)), {"table": table})
            broken += [_fault(table, row, None, "state") for (row,) in cursor.fetchall()]
    return {"rows": entries, "broken": broken}


def _fault(table: str, row, version: int | None, fault: str) -> dict:
    return {"table": table, "row": str(row), "version": version, "fault": fault}
