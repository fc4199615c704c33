"""Which due messages may go now. The rest are given a later moment, or end, in one statement per rule and run.

Quiet hours and days are Tehran's own, by the database's clock. A county without rules has the model's defaults.
"""

from datetime import datetime

from django.db import connection

from messaging.models import SendingRules
from messaging.workflow.claiming import OPEN

# ``untried`` rows alone: a message whose fate is unknown is asked about at any hour, and counts for the day it was tried
UNTRIED = f"{OPEN} AND status = 'queued' AND first_tried_at IS NULL AND due_at <= statement_timestamp()"
MIDNIGHT = "(date_trunc('day', statement_timestamp() AT TIME ZONE 'Asia/Tehran') AT TIME ZONE 'Asia/Tehran')"

RULES = """
    rules AS (
        SELECT c.id AS county_id, coalesce(r.quiet_from, %(quiet_from)s::time) AS quiet_from,
            coalesce(r.quiet_until, %(quiet_until)s::time) AS quiet_until,
            coalesce(r.daily_per_person, %(daily_per_person)s) AS daily_per_person,
            coalesce(r.daily_total, %(daily_total)s) AS daily_total
        FROM accounts_county c LEFT JOIN messaging_sendingrules r ON r.county_id = c.id)"""


def allowed_from(moment: str) -> str:
    """SQL: the first moment from the given Tehran time on that is not quiet."""
    return f"""CASE
        WHEN quiet_from < quiet_until AND {moment}::time >= quiet_from AND {moment}::time < quiet_until
            THEN {moment}::date + quiet_until
        WHEN quiet_from > quiet_until AND {moment}::time >= quiet_from THEN {moment}::date + 1 + quiet_until
        WHEN quiet_from > quiet_until AND {moment}::time < quiet_until THEN {moment}::date + quiet_until
        ELSE {moment} END AT TIME ZONE 'Asia/Tehran'"""


OPTED_OUT = f"""
    UPDATE messaging_outboundmessage SET status = 'cancelled', failure = 'opted_out', ended_at = statement_timestamp()
    WHERE id IN (SELECT m.id FROM messaging_outboundmessage m JOIN messaging_optout o ON o.mobile = m.receptor
        WHERE {UNTRIED} ORDER BY m.id FOR UPDATE OF m SKIP LOCKED)"""

QUIET = f"""
    WITH {RULES},
    quiet AS (
        SELECT county_id, later FROM (SELECT county_id,
            {allowed_from("(statement_timestamp() AT TIME ZONE 'Asia/Tehran')")} AS later FROM rules) AS all_counties
        WHERE later > statement_timestamp()),
    postponed AS (
        SELECT m.id, quiet.later FROM messaging_outboundmessage m JOIN quiet USING (county_id)
        WHERE {UNTRIED} ORDER BY m.id FOR UPDATE OF m SKIP LOCKED)
    UPDATE messaging_outboundmessage m SET due_at = postponed.later FROM postponed WHERE m.id = postponed.id"""

TOMORROW = "((statement_timestamp() AT TIME ZONE 'Asia/Tehran')::date + 1)::timestamp"
# Whoever is over a limit is found by counting; only their messages are put in order.
TOO_MANY = f"""
    WITH {RULES},
    of_person AS MATERIALIZED (
        SELECT county_id, receptor, count(*) AS wanted, count(*) FILTER (WHERE tried) AS tried FROM (
            SELECT county_id, receptor, true AS tried FROM messaging_outboundmessage WHERE first_tried_at >= {MIDNIGHT}
            UNION ALL SELECT county_id, receptor, false FROM messaging_outboundmessage WHERE {UNTRIED}) AS today
        GROUP BY 1, 2),
    of_county AS MATERIALIZED (
        SELECT county_id, sum(wanted) AS wanted, sum(tried) AS tried FROM of_person GROUP BY 1),
    ranked AS MATERIALIZED (
        SELECT id, rules.*, of_person.tried AS by_person, of_county.tried AS by_county,
            row_number() OVER (PARTITION BY county_id ORDER BY due_at, id) AS in_county,
            row_number() OVER (PARTITION BY county_id, receptor ORDER BY due_at, id) AS of_same
        FROM messaging_outboundmessage JOIN rules USING (county_id)
        JOIN of_county USING (county_id) JOIN of_person USING (county_id, receptor)
        WHERE {UNTRIED} AND (of_person.wanted > daily_per_person OR of_county.wanted > daily_total)),
    over AS MATERIALIZED (
        SELECT id, {allowed_from(TOMORROW)} AS later FROM ranked
        WHERE of_same + by_person > daily_per_person OR in_county + by_county > daily_total),
    postponed AS MATERIALIZED (
        SELECT m.id, over.later FROM messaging_outboundmessage m JOIN over USING (id)
        WHERE {UNTRIED} ORDER BY m.id FOR UPDATE OF m SKIP LOCKED)
    UPDATE messaging_outboundmessage m SET due_at = postponed.later FROM postponed WHERE m.id = postponed.id"""


def defaults() -> dict:
    names = ("quiet_from", "quiet_until", "daily_per_person", "daily_total")
    return {name: SendingRules._meta.get_field(name).default for name in names}


def admit() -> datetime:
    """End or postpone what may not be sent now. What was due at the moment that is given back may be sent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")  # first: what comes due meanwhile waits for the next admission
        (moment,) = cursor.fetchone()
        for statement in (OPTED_OUT, QUIET, TOO_MANY):
            cursor.execute(statement, defaults())
    return moment
