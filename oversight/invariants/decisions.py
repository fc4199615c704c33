"""A3, A4 and W1: what was decided in signed meetings, and that nothing went to a bank before its time or past others."""

from collections.abc import Iterator

from working_group.minutes import digest
from working_group.models import Meeting

# The names of all signed minutes, as the frozen minutes have them.
_SIGNED = """
    SELECT m.id AS meeting_id, m.programme_id, n.name ->> 'tracking_code' AS tracking_code, n.name ->> 'outcome' AS outcome,
           (n.name ->> 'amount_rial')::bigint AS amount_rial
    FROM working_group_meeting m CROSS JOIN LATERAL jsonb_array_elements(m.minutes -> 'names') n(name)
    WHERE m.status = 'signed'
"""
# What a track had to be asked when a referral was issued: rules made later do not reach back.
_DEMANDED = """
    SELECT d.* FROM quotas_requiredinquiry d WHERE d.programme_id = a.programme_id AND d.track = a.track AND EXISTS (
        SELECT FROM audit_auditentry e WHERE e.table_name = 'quotas_requiredinquiry' AND e.row_id = d.id::text
        AND e.version = 1 AND e.at <= r.issued_at)
"""
# The newest inquiry of the demanded kind that was recorded by then; clear by then, as the trail shows.
_CLEAR_THEN = """
    SELECT FROM (SELECT i.* FROM applicants_inquiry i WHERE i.application_id = a.id AND i.kind = d.kind
                 AND i.recorded_at <= r.issued_at ORDER BY i.asked_on DESC, i.id DESC LIMIT 1) i
    WHERE i.result = 'clear' AND i.valid_until >= r.letter_on AND EXISTS (
        SELECT FROM audit_auditentry e WHERE e.table_name = 'applicants_inquiry' AND e.row_id = i.id::text
        AND e.new ->> 'result' = 'clear' AND e.at <= r.issued_at)
"""
_VOTERS_IN_MINUTES = """
    SELECT count(*) FROM jsonb_array_elements(m.minutes -> 'attendance') t
    WHERE (t ->> 'present')::bool AND (t ->> 'votes')::bool
"""
_PRESENT_VOTERS = f"""
    SELECT ({_VOTERS_IN_MINUTES}) - (
        SELECT count(*) FROM working_group_interest x JOIN working_group_attendance t ON t.member_id = x.member_id
        WHERE x.item_id = i.id AND t.meeting_id = m.id AND t.is_present)
"""

DECISIONS = {
    "A3_approved_in_signed_minutes": f"""
        SELECT 'applicants_application:' || a.id, format('%s, and in no signed minutes with credit', a.status)
        FROM applicants_application a
        WHERE a.status IN ('approved', 'conditional', 'referred', 'paid', 'closed_unpaid')
          AND NOT EXISTS (SELECT FROM ({_SIGNED}) s WHERE s.tracking_code = a.tracking_code AND (
              s.outcome IN ('approve', 'conditional') OR s.outcome = 'reserve' AND EXISTS (
                  SELECT FROM applicants_applicationevent e WHERE e.application_id = a.id
                  AND e.from_status = 'reserve' AND e.to_status = 'approved')))
    """,
    "A3_referred_after_approval": """
        SELECT 'banks_referral:' || r.id, 'its application was not approved when it was issued'
        FROM banks_referral r
        WHERE NOT EXISTS (SELECT FROM applicants_applicationevent e WHERE e.application_id = r.application_id
                          AND e.to_status = 'approved' AND e.happened_at <= r.issued_at)
    """,
    "A3_inquiries_clear_when_referred": f"""
        SELECT 'banks_referral:' || r.id, format('%s was not clear and in date', d.kind)
        FROM banks_referral r JOIN applicants_application a ON a.id = r.application_id
        CROSS JOIN LATERAL ({_DEMANDED}) d
        WHERE NOT EXISTS ({_CLEAR_THEN})
    """,
    "A4_priority_not_passed_over": f"""
        SELECT 'banks_referral:' || r.id, format('application %s was ready and no reason is written', a.id)
        FROM banks_referral r JOIN applicants_application own ON own.id = r.application_id
        JOIN applicants_application a ON a.programme_id = own.programme_id AND (a.track = 'supporter' OR a.is_pioneer)
        WHERE own.track <> 'supporter' AND NOT own.is_pioneer AND r.passed_over_reason = ''
          AND (SELECT e.to_status FROM applicants_applicationevent e WHERE e.application_id = a.id
               AND e.happened_at <= r.issued_at ORDER BY e.id DESC LIMIT 1) = 'approved'
          AND coalesce(a.licence_expires_on >= r.letter_on, coalesce((
              SELECT y.value FROM quotas_yearrule y WHERE y.programme_id = a.programme_id AND y.key = 'licence_needed'), 'no') = 'no')
          AND NOT EXISTS (SELECT FROM ({_DEMANDED}) d WHERE NOT EXISTS ({_CLEAR_THEN}))
    """,
    # The rule and the seats as they were that day stand in the minutes; members and rules may change later.
    "W1_signed_with_quorum": f"""
        SELECT 'working_group_meeting:' || m.id, format('%s voting members present, %s needed', q.voters, q.needed)
        FROM working_group_meeting m CROSS JOIN LATERAL (
            SELECT ({_VOTERS_IN_MINUTES}) AS voters, (m.minutes -> 'quorum' ->> 'needed')::int AS needed,
                   (SELECT count(*) FROM jsonb_array_elements(m.minutes -> 'attendance') t WHERE (t ->> 'present')::bool) AS said,
                   (SELECT count(*) FROM working_group_attendance t WHERE t.meeting_id = m.id AND t.is_present) AS stored) q
        WHERE m.status = 'signed' AND (q.voters < q.needed OR q.said <> q.stored
              OR jsonb_array_length(m.minutes -> 'quorum' -> 'missing') > 0)
    """,
    "W1_votes_fit_those_present": f"""
        SELECT 'working_group_decision:' || d.id, format('%s for and %s against', d.votes_for, d.votes_against)
        FROM working_group_decision d JOIN working_group_agendaitem i ON i.id = d.item_id
        JOIN working_group_meeting m ON m.id = i.meeting_id
        WHERE m.status = 'signed' AND (d.votes_for <= d.votes_against OR d.votes_for + d.votes_against > ({_PRESENT_VOTERS}))
    """,
    "W1_minutes_say_what_was_decided": f"""
        SELECT 'working_group_meeting:' || s.meeting_id, format('%s: minutes say %s of %s, the decision %s of %s',
            s.tracking_code, s.outcome, s.amount_rial, d.outcome, d.amount_rial)
        FROM ({_SIGNED}) s LEFT JOIN LATERAL (
            SELECT d.outcome, d.amount_rial FROM working_group_decision d JOIN working_group_agendaitem i ON i.id = d.item_id
            JOIN applicants_application a ON a.id = i.application_id
            WHERE i.meeting_id = s.meeting_id AND a.tracking_code = s.tracking_code ORDER BY d.id DESC LIMIT 1) d ON true
        WHERE (s.outcome, s.amount_rial) IS DISTINCT FROM (d.outcome::text, d.amount_rial)
    """,
}


def changed_minutes(*, using: str) -> Iterator[tuple[str, str]]:
    """Signed minutes whose content no longer gives the digest that is printed on them."""
    rows = Meeting.everything.using(using).filter(status=Meeting.Status.SIGNED)
    for key, minutes, printed in rows.values_list("pk", "minutes", "content_hash").iterator():
        if digest(minutes) != printed:
            yield f"working_group_meeting:{key}", "the minutes do not give their digest"
