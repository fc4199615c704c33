from django.db import migrations

from audit.operations import AppendOnly, Track
from iran import sql

# What is stored passes its check digit, whoever wrote it (A1).
IDENTIFIERS = """
ALTER TABLE applicants_applicant
    ADD CONSTRAINT applicant_national_id_checks CHECK (iran_national_id_ok(national_id)),
    ADD CONSTRAINT applicant_legal_id_checks CHECK (iran_legal_id_ok(legal_id)),
    ADD CONSTRAINT applicant_mobile_checks CHECK (mobile ~ '^09[0-9]{9}$'),
    ADD CONSTRAINT applicant_postal_code_checks CHECK (postal_code ~ '^([0-9]{10})?$'),
    ADD CONSTRAINT applicant_sheba_checks CHECK (sheba = '' OR iran_sheba_ok(sheba));
ALTER TABLE applicants_supportedworker
    ADD CONSTRAINT supportedworker_national_id_checks CHECK (iran_national_id_ok(national_id));
"""
# The ledger stands a floor below and knows an application by its number alone; the database knows more.
COMMITMENT_OF_APPLICATION = """
ALTER TABLE quotas_commitment ADD CONSTRAINT commitment_application_fk
    FOREIGN KEY (application_id) REFERENCES applicants_application (id) DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("applicants", "0001_initial"), ("audit", "0002_functions"), ("quotas", "0002_ledger_and_audit")]

    operations = [
        migrations.RunSQL(sql.NATIONAL_ID_OK_SQL, sql.NATIONAL_ID_OK_DROP_SQL),
        migrations.RunSQL(sql.LEGAL_ID_OK_SQL, sql.LEGAL_ID_OK_DROP_SQL),
        migrations.RunSQL(sql.SHEBA_OK_SQL, sql.SHEBA_OK_DROP_SQL),
        migrations.RunSQL(IDENTIFIERS, migrations.RunSQL.noop),
        migrations.RunSQL(COMMITMENT_OF_APPLICATION, "ALTER TABLE quotas_commitment DROP CONSTRAINT commitment_application_fk"),
        Track("applicants_applicant", leave_out=("search_text", "sort_name",)),
        Track("applicants_application"),
        Track("applicants_businessline", leave_out=("title_key",)),
        Track("applicants_linerestriction"),
        Track("applicants_inquiry"),
        Track("applicants_supportedworker"),
        Track("applicants_importedlist", leave_out=("findings",)),
        AppendOnly("applicants_applicationevent"),
    ]
