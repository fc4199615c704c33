from django.db import migrations

# A2, whoever writes: a live application asks for no more than its year and track allow, and a ceiling is not lowered
# below what is asked. One look per statement, so that a list of thousands costs one.
CEILING = """
CREATE FUNCTION application_within_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM written a JOIN quotas_loanterm t ON t.programme_id = a.programme_id AND t.track = a.track
               WHERE a.status NOT IN ('ineligible', 'rejected', 'closed_unpaid', 'withdrawn', 'carried_over')
                 AND a.requested_rial > LEAST(t.ceiling_rial, t.per_job_rial * a.promised_jobs)) THEN
        RAISE EXCEPTION 'an application asks for more than its ceiling'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'application_within_ceiling';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER application_within_ceiling_added AFTER INSERT ON applicants_application
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION application_within_ceiling();
CREATE TRIGGER application_within_ceiling_changed AFTER UPDATE ON applicants_application
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION application_within_ceiling();

CREATE FUNCTION loanterm_covers_applications() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM applicants_application a WHERE a.programme_id = NEW.programme_id AND a.track = NEW.track
               AND a.status NOT IN ('ineligible', 'rejected', 'closed_unpaid', 'withdrawn', 'carried_over')
               AND a.requested_rial > LEAST(NEW.ceiling_rial, NEW.per_job_rial * a.promised_jobs)) THEN
        RAISE EXCEPTION 'live applications ask for more than this ceiling'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loanterm_covers_applications';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER loanterm_covers_applications BEFORE INSERT OR UPDATE ON quotas_loanterm
    FOR EACH ROW EXECUTE FUNCTION loanterm_covers_applications();
"""
UNDONE = """
DROP TRIGGER loanterm_covers_applications ON quotas_loanterm;
DROP TRIGGER application_within_ceiling_added ON applicants_application;
DROP TRIGGER application_within_ceiling_changed ON applicants_application;
DROP FUNCTION loanterm_covers_applications();
DROP FUNCTION application_within_ceiling();
"""


class Migration(migrations.Migration):
    dependencies = [("applicants", "0003_counts_of_findings"), ("quotas", "0002_ledger_and_audit")]

    operations = [migrations.RunSQL(CEILING, UNDONE)]
