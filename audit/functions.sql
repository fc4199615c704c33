-- The trail's own functions. They run as their owner, because the site's role may only read the trail.

CREATE FUNCTION audit_digest(previous bytea, entry_table text, entry_row text, entry_version int, entry_operation text,
                             actor bigint, entry_at timestamptz, old_row jsonb, new_row jsonb)
-- STABLE, as its body is: the server writes the body into the trigger's statement instead of calling it row by row.
RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(coalesce(previous, ''::bytea) || convert_to(concat_ws(
        '|', entry_table, entry_row, entry_version, entry_operation, coalesce(actor::text, '-'),
        extract(epoch FROM entry_at)::text, coalesce(old_row::text, '-'), coalesce(new_row::text, '-')), 'UTF8'))
$$;

CREATE FUNCTION audit_actor() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('audit.actor', true), '')::bigint
$$;

CREATE FUNCTION audit_context() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT left(coalesce(current_setting('audit.context', true), ''), 200)
$$;

-- What is added to this server's transaction numbers, so that they go on where a restored trail ended. Zero on a server
-- that has known the trail from its first entry; restore puts another number in its place.
CREATE FUNCTION audit_epoch() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 0::bigint';

CREATE FUNCTION audit_transaction() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT pg_current_xact_id()::text::bigint + audit_epoch()
$$;

-- An inserted row has no history yet, so a whole statement's rows are written at once. What is the same for all of them is
-- asked once, and OFFSET 0 keeps the server from working out each row's JSON again wherever it is used.
CREATE FUNCTION audit_inserted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET TimeZone = 'UTC' AS $$
DECLARE
    leave_out text[] := TG_ARGV[0];
    actor bigint := audit_actor();
    occasion text := audit_context();
    number bigint := audit_transaction();
    now_at timestamptz := statement_timestamp();
BEGIN
    INSERT INTO audit_auditentry (at, transaction, actor_id, context, table_name, row_id, version, operation, old, new, digest)
    SELECT now_at, number, actor, occasion, TG_TABLE_NAME, r.id, 1, 'I', NULL, r.row,
           audit_digest(NULL, TG_TABLE_NAME, r.id, 1, 'I', actor, now_at, NULL, r.row)
    FROM (SELECT inserted.id::text AS id, to_jsonb(inserted) - leave_out AS row FROM inserted OFFSET 0) r;
    RETURN NULL;
END $$;

-- The last entry of a row is always found by the index: without statistics, as after a large import, the server would
-- read the whole trail for each changed row.
CREATE FUNCTION audit_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET TimeZone = 'UTC' SET enable_seqscan = off AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD) - TG_ARGV[0]::text[];
    new_row jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) - TG_ARGV[0]::text[] END;
    last audit_auditentry%ROWTYPE;
    now_at timestamptz := statement_timestamp();
BEGIN
    IF old_row IS NOT DISTINCT FROM new_row THEN RETURN NULL; END IF;
    SELECT * INTO last FROM audit_auditentry
     WHERE table_name = TG_TABLE_NAME AND row_id = old_row ->> 'id' ORDER BY version DESC LIMIT 1;
    INSERT INTO audit_auditentry (at, transaction, actor_id, context, table_name, row_id, version, operation, old, new, digest)
    VALUES (now_at, audit_transaction(), audit_actor(), audit_context(), TG_TABLE_NAME, old_row ->> 'id',
            coalesce(last.version, 0) + 1, left(TG_OP, 1), old_row, new_row,
            audit_digest(last.digest, TG_TABLE_NAME, old_row ->> 'id', coalesce(last.version, 0) + 1, left(TG_OP, 1),
                         audit_actor(), now_at, old_row, new_row));
    RETURN NULL;
END $$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the table is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;

CREATE FUNCTION audit_append_only(target text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_refuse()', target);
    EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', target);
END $$;

CREATE FUNCTION audit_track(target text, leave_out text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER audit_inserted AFTER INSERT ON %I REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION audit_inserted(%L)', target, leave_out);
    EXECUTE format('CREATE TRIGGER audit_changed AFTER UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_changed(%L)', target, leave_out);
    EXECUTE format('CREATE TRIGGER audit_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', target);
END $$;

CREATE FUNCTION audit_untrack(target text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER audit_inserted ON %I', target);
    EXECUTE format('DROP TRIGGER audit_changed ON %I', target);
    EXECUTE format('DROP TRIGGER audit_truncated ON %I', target);
END $$;

-- Close the stretch of finished transactions. Nothing can be added to it later: every transaction below the oldest one
-- still running has ended.
CREATE FUNCTION audit_seal() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    upper bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint + audit_epoch();
    last audit_auditseal%ROWTYPE;
    found_entries int;
    found_digests bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_seal'));
    SELECT * INTO last FROM audit_auditseal ORDER BY below_transaction DESC LIMIT 1;
    SELECT count(*), string_agg(digest, ''::bytea ORDER BY id) INTO found_entries, found_digests
      FROM audit_auditentry WHERE transaction >= coalesce(last.below_transaction, 0) AND transaction < upper;
    IF found_entries = 0 THEN RETURN 0; END IF;
    INSERT INTO audit_auditseal (sealed_at, below_transaction, entries, digest)
    VALUES (statement_timestamp(), upper, found_entries, sha256(coalesce(last.digest, ''::bytea) || found_digests));
    RETURN found_entries;
END $$;

SELECT audit_append_only('audit_auditentry');
SELECT audit_append_only('audit_auditseal');
