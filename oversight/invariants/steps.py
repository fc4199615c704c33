"""States and their histories: application, referral, commitment and job record agree, and every step stands in its chain."""

_LIVE = "('issued', 'confirmed', 'file_opened', 'paid_partial')"
_ENDED = "('refused', 'returned', 'expired', 'cancelled')"


def _chain(table: str, events: str, key: str) -> str:
    """Rows whose steps have a gap, or do not end in the present state."""
    return f"""
        SELECT '{table}:' || {key}, format('a step from %s follows one to %s', from_status, previous)
        FROM (SELECT {key}, from_status, lag(to_status, 1, '') OVER (PARTITION BY {key} ORDER BY id) AS previous FROM {events}) s
        WHERE from_status <> previous
        UNION ALL
        SELECT '{table}:' || r.id, format('%s, and its last step went to %s', r.status, coalesce(e.to_status, 'nothing'))
        FROM {table} r LEFT JOIN (
            SELECT DISTINCT ON ({key}) {key}, to_status FROM {events} ORDER BY {key}, id DESC) e ON e.{key} = r.id
        WHERE r.status IS DISTINCT FROM e.to_status
    """


STEPS = {
    "S1_application_and_referral_agree": f"""
        SELECT 'applicants_application:' || a.id, format('%s, and its live referral is %s', a.status, coalesce(r.status, 'none'))
        FROM applicants_application a
        LEFT JOIN banks_referral r ON r.application_id = a.id AND r.status NOT IN {_ENDED}
        WHERE (a.status = 'referred') <> coalesce(r.status IN {_LIVE}, false)
           OR (a.status = 'paid') <> coalesce(r.status = 'paid', false)
    """,
    "S2_application_and_credit_agree": f"""
        SELECT 'applicants_application:' || a.id, format('%s of %s, and its commitment is %s of %s', a.status, a.approved_rial,
                                                         coalesce(c.stage, 'none'), c.amount_rial)
        FROM applicants_application a
        LEFT JOIN quotas_commitment c ON c.application_id = a.id AND c.stage <> 'released'
        WHERE CASE WHEN a.status = 'referred' THEN c.stage IS DISTINCT FROM 'referred'
                   WHEN a.status = 'paid' THEN c.stage IS DISTINCT FROM 'paid'
                   WHEN a.status = 'conditional' THEN c.stage IS DISTINCT FROM 'approved'
                   WHEN a.status = 'approved' THEN c.stage <> 'approved' OR (c.stage IS NULL AND NOT EXISTS (
                       SELECT FROM banks_referral r WHERE r.application_id = a.id AND r.status IN {_ENDED}))
                   WHEN a.status = 'on_agenda' THEN c.stage <> 'approved'
                   ELSE c.stage IS NOT NULL END
           OR (a.status IN ('approved', 'conditional', 'referred', 'paid') AND c.amount_rial <> a.approved_rial)
    """,
    "S3_referral_and_credit_agree": f"""
        SELECT 'banks_referral:' || r.id, format('%s of %s, and its commitment is %s of %s', r.status, r.amount_rial, c.stage, c.amount_rial)
        FROM banks_referral r JOIN quotas_commitment c ON c.id = r.commitment_id
        WHERE c.application_id <> r.application_id OR c.amount_rial <> r.amount_rial
           OR c.stage <> CASE WHEN r.status IN {_LIVE} THEN 'referred' WHEN r.status = 'paid' THEN 'paid' ELSE 'released' END
           OR (r.status = 'paid_partial') <> (c.stage = 'referred' AND c.paid_rial > 0)
    """,
    "S4_steps_of_applications": _chain("applicants_application", "applicants_applicationevent", "application_id"),
    "S4_steps_of_referrals": _chain("banks_referral", "banks_referralevent", "referral_id"),
    "S4_steps_of_job_records": _chain(
        "employment_tracking_jobrecord", "employment_tracking_jobrecordevent", "record_id"
    ),
}
