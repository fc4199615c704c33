"""J2 and the ladder: who verified what, which cases stand open, whether each question has its message and left in time."""

from django.db import connections

from iran.calendar import programme_now

_OPEN = "('open', 'reopened')"
MOST_OVERDUE = "1 day"

LADDER = {
    "J2_registrar_does_not_verify": """
        SELECT 'employment_tracking_attempt:' || a.id, format('%s by user %s, who registered record %s', a.channel, a.happened_by_id, r.id)
        FROM employment_tracking_attempt a
        JOIN employment_tracking_verificationcase c ON c.id = a.case_id
        JOIN employment_tracking_jobrecord r ON r.id = c.record_id
        WHERE a.channel IN ('phone', 'field') AND a.happened_by_id = r.registered_by_id
    """,
    "V1_no_open_case_on_struck_out_record": f"""
        SELECT 'employment_tracking_verificationcase:' || c.id, format('open, and record %s is %s', r.id, r.status)
        FROM employment_tracking_verificationcase c JOIN employment_tracking_jobrecord r ON r.id = c.record_id
        WHERE c.status IN {_OPEN} AND r.status IN ('void', 'duplicate')
    """,
    "V2_case_and_record_agree": f"""
        SELECT 'employment_tracking_verificationcase:' || id, format('%s %s, and its record is %s', status, result, record_status)
        FROM (SELECT DISTINCT ON (c.record_id) c.id, c.status, c.result, r.status AS record_status
              FROM employment_tracking_verificationcase c JOIN employment_tracking_jobrecord r ON r.id = c.record_id
              ORDER BY c.record_id, c.status IN {_OPEN} DESC, c.closed_at DESC, c.id DESC) newest
        WHERE record_status NOT IN ('void', 'duplicate') AND NOT CASE
            WHEN status IN {_OPEN} THEN record_status = 'in_verification'
            WHEN result = 'confirmed' THEN record_status IN ('verified', 'sustained', 'ended')
            WHEN result = 'denied' THEN record_status IN ('not_verified', 'corrected', 'objected')
            ELSE record_status = 'registered' END
    """,
    "V3_no_message_forgotten": """
        SELECT 'messaging_outboundmessage:' || id, format('%s, due %s', status, due_at) FROM messaging_outboundmessage
        WHERE (status = 'queued' AND due_at < now() - interval '1 day'
               AND NOT EXISTS (SELECT FROM messaging_sendingpause WHERE ended_at IS NULL OR ended_at > now() - interval '1 day'))
           OR (status = 'sending' AND lease_until < now() - interval '1 day')
    """,
    "V4_attempts_and_messages_agree": """
        SELECT 'employment_tracking_attempt:' || a.id, format('%s without a message of its case', a.outcome)
        FROM employment_tracking_attempt a LEFT JOIN messaging_outboundmessage m ON m.id = a.message_id
        WHERE CASE WHEN a.outcome IN ('asked', 'reminded', 'announced')
                   THEN m.key IS NULL OR m.key !~ format('^job-c(heck|all):%s:', a.case_id) ELSE a.message_id IS NOT NULL END
        UNION ALL
        SELECT 'messaging_outboundmessage:' || m.id, format('%s belongs to no attempt', m.key) FROM messaging_outboundmessage m
        WHERE m.purpose IN ('job_check', 'job_check_2', 'job_call', 'job_call_2')
          AND NOT EXISTS (SELECT FROM employment_tracking_attempt a WHERE a.message_id = m.id)
    """,
}

_OVERDUE = f"""
    SELECT 'employment_tracking_verificationcase:' || c.id, format('its next step was due at %%s', c.next_at)
    FROM employment_tracking_verificationcase c JOIN employment_tracking_campaign p ON p.id = c.campaign_id
    WHERE c.status IN {_OPEN} AND c.level = 'sms' AND p.status = 'running'
      AND c.next_at < %s::timestamptz - interval '{MOST_OVERDUE}'
"""


def overdue_cases(*, using: str) -> list[tuple[str, str]]:
    """Cases at the SMS level that beat should have taken up a day ago, by the programme's clock."""
    with connections[using].cursor() as cursor:
        cursor.execute(_OVERDUE, [programme_now()])
        return cursor.fetchall()
