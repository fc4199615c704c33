-- The credit ledger. Only these functions, which run as their owner, write the figures of a pool or a commitment.

CREATE FUNCTION credit_movement_digest(previous text, pool bigint, number int, kind text, amount bigint, commitment bigint,
                                       notice bigint, moved_by bigint, moved_at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws('|', previous, pool, number, kind, amount, coalesce(commitment::text, '-'),
        coalesce(notice::text, '-'), moved_by, extract(epoch FROM moved_at)::text), 'UTF8')), 'hex')
$$;

CREATE FUNCTION credit_commitment_move(movement quotas_creditmovement) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    held quotas_commitment%ROWTYPE;
    next_stage text;
    next_paid bigint;
BEGIN
    SELECT * INTO held FROM quotas_commitment WHERE id = movement.commitment_id FOR NO KEY UPDATE;
    next_paid := held.paid_rial;
    IF held.pool_id <> movement.pool_id THEN
        RAISE EXCEPTION 'commitment % is held by another pool', held.id USING ERRCODE = 'check_violation', CONSTRAINT = 'creditmovement_of_its_pool';
    END IF;
    IF movement.kind = 'approve' AND held.stage = 'new' AND movement.amount_rial = held.amount_rial THEN
        next_stage := 'approved';
    ELSIF movement.kind = 'refer' AND held.stage = 'approved' AND movement.amount_rial = held.amount_rial THEN
        next_stage := 'referred';
    ELSIF movement.kind = 'release' AND held.stage IN ('approved', 'referred')
          AND movement.amount_rial = held.amount_rial - held.paid_rial THEN
        next_stage := CASE WHEN held.paid_rial = 0 THEN 'released' ELSE 'paid' END;
    ELSIF movement.kind = 'pay' AND held.stage = 'referred' THEN
        next_paid := held.paid_rial + movement.amount_rial;
        next_stage := CASE WHEN next_paid = held.amount_rial THEN 'paid' ELSE 'referred' END;
    ELSIF movement.kind = 'reverse_payment' AND held.stage IN ('referred', 'paid') AND EXISTS (
            SELECT 1 FROM quotas_creditmovement paid WHERE paid.id = movement.reverses_id AND paid.kind = 'pay'
            AND paid.commitment_id = held.id AND paid.amount_rial = movement.amount_rial) THEN
        next_paid := held.paid_rial - movement.amount_rial;
        next_stage := 'referred';
    ELSE
        RAISE EXCEPTION '% of % rial does not fit commitment % (%)', movement.kind, movement.amount_rial, held.id, held.stage
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creditmovement_fits_commitment';
    END IF;
    UPDATE quotas_commitment SET stage = next_stage, paid_rial = next_paid WHERE id = held.id;
    RETURN held.stage;
END $$;

CREATE FUNCTION credit_movement_apply() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    amount bigint := NEW.amount_rial;
    stage_before text;
    pool quotas_creditpool%ROWTYPE;
BEGIN
    SELECT * INTO pool FROM quotas_creditpool WHERE id = NEW.pool_id FOR NO KEY UPDATE;
    IF NEW.commitment_id IS NOT NULL THEN stage_before := credit_commitment_move(NEW); END IF;
    NEW.moved_at := clock_timestamp();
    NEW.sequence := pool.sequence + 1;
    NEW.head := credit_movement_digest(pool.head, NEW.pool_id, NEW.sequence, NEW.kind, amount, NEW.commitment_id,
                                       NEW.notice_id, NEW.moved_by_id, NEW.moved_at);
    UPDATE quotas_creditpool SET
        announced_rial = announced_rial + CASE NEW.kind WHEN 'announce' THEN amount WHEN 'reduce' THEN -amount ELSE 0 END,
        approved_rial = approved_rial + CASE NEW.kind WHEN 'approve' THEN amount WHEN 'refer' THEN -amount
            WHEN 'release' THEN CASE stage_before WHEN 'approved' THEN -amount ELSE 0 END ELSE 0 END,
        referred_rial = referred_rial + CASE NEW.kind WHEN 'refer' THEN amount WHEN 'pay' THEN -amount
            WHEN 'reverse_payment' THEN amount
            WHEN 'release' THEN CASE stage_before WHEN 'referred' THEN -amount ELSE 0 END ELSE 0 END,
        paid_rial = paid_rial + CASE NEW.kind WHEN 'pay' THEN amount WHEN 'reverse_payment' THEN -amount ELSE 0 END,
        sequence = NEW.sequence, head = NEW.head
    WHERE id = NEW.pool_id;
    RETURN NEW;
END $$;

CREATE TRIGGER credit_movement_apply BEFORE INSERT ON quotas_creditmovement
    FOR EACH ROW EXECUTE FUNCTION credit_movement_apply();

-- Figures start at nothing and move only from inside the trigger above, whoever asks.
CREATE FUNCTION credit_pool_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.announced_rial := 0; NEW.approved_rial := 0; NEW.referred_rial := 0; NEW.paid_rial := 0;
        NEW.sequence := 0; NEW.head := '';
    ELSIF pg_trigger_depth() < 2 AND
          (NEW.announced_rial, NEW.approved_rial, NEW.referred_rial, NEW.paid_rial, NEW.sequence, NEW.head, NEW.programme_id)
          IS DISTINCT FROM
          (OLD.announced_rial, OLD.approved_rial, OLD.referred_rial, OLD.paid_rial, OLD.sequence, OLD.head, OLD.programme_id) THEN
        RAISE EXCEPTION 'the figures of a pool change only through movements'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'creditpool_changes_by_movement';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER credit_pool_guard BEFORE INSERT OR UPDATE ON quotas_creditpool FOR EACH ROW EXECUTE FUNCTION credit_pool_guard();

CREATE FUNCTION credit_commitment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.stage := 'new'; NEW.paid_rial := 0;
    ELSIF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'a commitment changes only through movements'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'commitment_changes_by_movement';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER credit_commitment_guard BEFORE INSERT OR UPDATE ON quotas_commitment
    FOR EACH ROW EXECUTE FUNCTION credit_commitment_guard();

SELECT audit_append_only('quotas_creditmovement');
SELECT audit_append_only('quotas_creditnotice');
SELECT audit_append_only('quotas_creditnoticeshare');
