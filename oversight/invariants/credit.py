"""C1 to C4: pools, their movements and what is held for applications. Each statement gives (where, detail)."""

# Every movement with what it changes; a release lowers what was approved, or referred if it had gone to a bank.
_MOVED = """
    SELECT m.*,
        CASE kind WHEN 'announce' THEN amount_rial WHEN 'reduce' THEN -amount_rial ELSE 0 END AS announced,
        CASE WHEN kind = 'approve' THEN amount_rial WHEN kind = 'refer' THEN -amount_rial
             WHEN kind = 'release' AND NOT at_bank THEN -amount_rial ELSE 0 END AS approved,
        CASE WHEN kind IN ('refer', 'reverse_payment') THEN amount_rial WHEN kind = 'pay' THEN -amount_rial
             WHEN kind = 'release' AND at_bank THEN -amount_rial ELSE 0 END AS referred,
        CASE kind WHEN 'pay' THEN amount_rial WHEN 'reverse_payment' THEN -amount_rial ELSE 0 END AS paid
    FROM (SELECT *, bool_or(kind = 'refer') OVER (PARTITION BY commitment_id ORDER BY id) AS at_bank
          FROM quotas_creditmovement) m
"""

CREDIT = {
    "C1_pool_figures_are_its_movements": f"""
        SELECT 'quotas_creditpool:' || p.id, format(
            'announced %s/%s, approved %s/%s, referred %s/%s, paid %s/%s (pool/movements)', announced_rial, announced,
            approved_rial, approved, referred_rial, referred, paid_rial, paid)
        FROM quotas_creditpool p LEFT JOIN (
            SELECT pool_id, sum(announced) AS announced, sum(approved) AS approved, sum(referred) AS referred, sum(paid) AS paid
            FROM ({_MOVED}) moved GROUP BY pool_id) s ON s.pool_id = p.id
        WHERE (announced_rial, approved_rial, referred_rial, paid_rial) IS DISTINCT FROM
              (coalesce(announced, 0), coalesce(approved, 0), coalesce(referred, 0), coalesce(paid, 0))
    """,
    "C1_never_overdrawn": f"""
        SELECT 'quotas_creditmovement:' || id, format('left %s after movement %s of pool %s', announced - used, sequence, pool_id)
        FROM (SELECT id, pool_id, sequence, sum(announced) OVER w AS announced, sum(approved) OVER w AS approved,
                     sum(referred) OVER w AS referred, sum(paid) OVER w AS paid,
                     sum(approved + referred + paid) OVER w AS used
              FROM ({_MOVED}) moved WINDOW w AS (PARTITION BY pool_id ORDER BY sequence)) running
        WHERE used > announced OR least(announced, approved, referred, paid) < 0
    """,
    "C1_pool_not_overdrawn_now": """
        SELECT 'quotas_creditpool:' || id, format('announced %s, used %s', announced_rial, approved_rial + referred_rial + paid_rial)
        FROM quotas_creditpool
        WHERE approved_rial + referred_rial + paid_rial > announced_rial
           OR least(announced_rial, approved_rial, referred_rial, paid_rial) < 0
    """,
    "C1_announced_is_its_notices": """
        SELECT 'quotas_creditpool:' || p.id, format('announced %s, notices give %s', announced_rial, coalesce(sum(change_rial), 0))
        FROM quotas_creditpool p LEFT JOIN quotas_creditnoticeshare s ON s.pool_id = p.id
        GROUP BY p.id, announced_rial HAVING announced_rial <> coalesce(sum(change_rial), 0)
    """,
    "C2_movements_chained": """
        SELECT 'quotas_creditmovement:' || id, CASE WHEN sequence <> number THEN format('number %s stands in place %s', sequence, number)
                                                    ELSE 'digest does not fit' END
        FROM (SELECT *, row_number() OVER w AS number, lag(head, 1, '') OVER w AS previous
              FROM quotas_creditmovement WINDOW w AS (PARTITION BY pool_id ORDER BY sequence)) m
        WHERE sequence <> number OR head <> credit_movement_digest(
            previous, pool_id, sequence, kind, amount_rial, commitment_id, notice_id, moved_by_id, moved_at)
    """,
    "C2_pool_keeps_the_head": """
        SELECT 'quotas_creditpool:' || p.id, format('sequence %s, last movement %s', p.sequence, coalesce(m.sequence, 0))
        FROM quotas_creditpool p LEFT JOIN (
            SELECT DISTINCT ON (pool_id) pool_id, sequence, head FROM quotas_creditmovement ORDER BY pool_id, sequence DESC
        ) m ON m.pool_id = p.id
        WHERE p.sequence <> coalesce(m.sequence, 0) OR p.head <> coalesce(m.head, '')
    """,
    "C3_one_live_commitment": """
        SELECT 'applicants_application:' || application_id, format('%s live commitments', count(*))
        FROM quotas_commitment WHERE stage <> 'released' GROUP BY application_id HAVING count(*) > 1
    """,
    "C3_commitment_is_its_movements": """
        SELECT 'quotas_commitment:' || c.id, format('%s with %s paid; its movements say %s with %s', c.stage, c.paid_rial, s.stage, s.paid)
        FROM quotas_commitment c CROSS JOIN LATERAL (
            SELECT t.paid, CASE (array_agg(kind ORDER BY id DESC))[1]
                WHEN 'approve' THEN 'approved' WHEN 'refer' THEN 'referred' WHEN 'reverse_payment' THEN 'referred'
                WHEN 'pay' THEN CASE WHEN t.paid = c.amount_rial THEN 'paid' ELSE 'referred' END
                WHEN 'release' THEN CASE WHEN t.paid = 0 THEN 'released' ELSE 'paid' END ELSE 'nothing' END AS stage
            FROM (SELECT m.*, coalesce(sum(CASE kind WHEN 'pay' THEN amount_rial WHEN 'reverse_payment' THEN -amount_rial END)
                              OVER (), 0) AS paid FROM quotas_creditmovement m WHERE commitment_id = c.id) t
            GROUP BY t.paid
            UNION ALL SELECT 0, 'nothing' WHERE NOT EXISTS (SELECT FROM quotas_creditmovement WHERE commitment_id = c.id)) s
        WHERE (c.stage, c.paid_rial) IS DISTINCT FROM (s.stage, s.paid) OR c.paid_rial > c.amount_rial
    """,
    "C3_payments_are_the_ledger": """
        SELECT 'banks_referral:' || r.id, format('payments %s, ledger %s, approved %s', coalesce(sum(d.amount_rial), 0), c.paid_rial, r.amount_rial)
        FROM banks_referral r JOIN quotas_commitment c ON c.id = r.commitment_id
        LEFT JOIN banks_disbursement d ON d.referral_id = r.id AND d.reversed_at IS NULL
        GROUP BY r.id, c.paid_rial
        HAVING coalesce(sum(d.amount_rial), 0) <> c.paid_rial OR coalesce(sum(d.amount_rial), 0) > r.amount_rial
    """,
    "C3_payment_has_its_movement": """
        SELECT 'banks_disbursement:' || d.id, 'its movement is another''s'
        FROM banks_disbursement d JOIN banks_referral r ON r.id = d.referral_id
        JOIN quotas_creditmovement m ON m.id = d.movement_id
        WHERE (m.kind, m.amount_rial, m.commitment_id) IS DISTINCT FROM ('pay', d.amount_rial, r.commitment_id)
           OR (d.reversed_at IS NOT NULL) <> EXISTS (SELECT FROM quotas_creditmovement v WHERE v.reverses_id = m.id)
    """,
}
