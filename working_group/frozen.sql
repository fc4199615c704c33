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

-- FOR SHARE makes a writer wait for a signing that is under way, and a signing for the writers before it. Both ends of
-- an UPDATE are looked at: a row cannot be carried off from a signed meeting to an open one either.
CREATE FUNCTION meeting_of_part_status(part jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT m.status FROM working_group_meeting m WHERE m.id = coalesce(
        (part ->> 'meeting_id')::bigint,
        (SELECT i.meeting_id FROM working_group_agendaitem i WHERE i.id = (part ->> 'item_id')::bigint)) FOR SHARE
$$;

CREATE FUNCTION meeting_part_frozen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held_before text := CASE WHEN TG_OP <> 'INSERT' THEN meeting_of_part_status(to_jsonb(OLD)) END;
    held text := CASE WHEN TG_OP <> 'DELETE' THEN meeting_of_part_status(to_jsonb(NEW)) END;
BEGIN
    IF 'signed' IN (held, held_before) THEN
        RAISE EXCEPTION 'the meeting is signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_signed_is_frozen';
    END IF;
    IF TG_TABLE_NAME = 'working_group_decision' AND held <> 'in_session' THEN
        RAISE EXCEPTION 'the meeting is not in session' USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_in_session';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- No more votes than members who are there, vote, and have no interest in the name.
CREATE FUNCTION decision_votes_fit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    voters int;
BEGIN
    SELECT count(*) INTO voters FROM working_group_attendance a
      JOIN working_group_member m ON m.id = a.member_id
      JOIN working_group_agendaitem i ON i.id = NEW.item_id AND i.meeting_id = a.meeting_id
     WHERE a.is_present AND m.votes AND m.is_active
       AND NOT EXISTS (SELECT 1 FROM working_group_interest n WHERE n.item_id = NEW.item_id AND n.member_id = m.id);
    IF NEW.votes_for + NEW.votes_against > voters THEN
        RAISE EXCEPTION '% members may vote on this name', voters
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_votes_fit_those_present';
    END IF;
    RETURN NEW;
END $$;

-- What was resolved is in the minutes; whether it was done is written down later.
CREATE FUNCTION resolution_frozen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'status' = to_jsonb(NEW) - 'status' THEN RETURN NEW; END IF;
    IF 'signed' IN (CASE WHEN TG_OP <> 'INSERT' THEN meeting_of_part_status(to_jsonb(OLD)) END,
                    CASE WHEN TG_OP <> 'DELETE' THEN meeting_of_part_status(to_jsonb(NEW)) END) THEN
        RAISE EXCEPTION 'the meeting is signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_signed_is_frozen';
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
CREATE TRIGGER votes_fit BEFORE INSERT ON working_group_decision
    FOR EACH ROW EXECUTE FUNCTION decision_votes_fit();
CREATE TRIGGER resolution_frozen BEFORE INSERT OR UPDATE OR DELETE ON working_group_resolution
    FOR EACH ROW EXECUTE FUNCTION resolution_frozen();

SELECT audit_append_only('working_group_decision');
