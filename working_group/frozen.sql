-- Signed minutes cannot change: not the meeting, not its names, not who was there, not what was decided.


CREATE FUNCTION meeting_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'signed' THEN
        RAISE EXCEPTION 'meeting % is signed', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_signed_is_frozen';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER meeting_frozen BEFORE UPDATE OR DELETE ON working_group_meeting
    FOR EACH ROW EXECUTE FUNCTION meeting_frozen();

-- FOR SHARE makes a writer wait for a signing that is under way, and a signing for the writers before it.
CREATE FUNCTION meeting_part_frozen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
    held text;
BEGIN
    SELECT m.status INTO held FROM working_group_meeting m WHERE m.id = coalesce(
        (part ->> 'meeting_id')::bigint,
        (SELECT i.meeting_id FROM working_group_agendaitem i WHERE i.id = (part ->> 'item_id')::bigint)) FOR SHARE;
    IF held = 'signed' THEN
        RAISE EXCEPTION 'the meeting is signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_signed_is_frozen';
    END IF;
    IF TG_TABLE_NAME = 'working_group_decision' AND held <> 'in_session' THEN
        RAISE EXCEPTION 'the meeting is not in session' USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_in_session';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER meeting_part_frozen BEFORE INSERT OR UPDATE OR DELETE ON working_group_attendance
    FOR EACH ROW EXECUTE FUNCTION meeting_part_frozen();
CREATE TRIGGER meeting_part_frozen BEFORE INSERT OR UPDATE OR DELETE ON working_group_agendaitem
    FOR EACH ROW EXECUTE FUNCTION meeting_part_frozen();
CREATE TRIGGER meeting_part_frozen BEFORE INSERT OR UPDATE OR DELETE ON working_group_interest
    FOR EACH ROW EXECUTE FUNCTION meeting_part_frozen();
CREATE TRIGGER meeting_part_frozen BEFORE INSERT ON working_group_decision
    FOR EACH ROW EXECUTE FUNCTION meeting_part_frozen();

SELECT audit_append_only('working_group_decision');
