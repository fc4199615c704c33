from django.db import migrations

from audit.operations import AppendOnly, Track


class Migration(migrations.Migration):
    dependencies = [("employment_tracking", "0001_initial"), ("audit", "0002_functions"), ("applicants", "0002_identifiers_and_audit")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE employment_tracking_jobrecord"
            " ADD CONSTRAINT jobrecord_national_id_checks CHECK (iran_national_id_ok(national_id)),"
            " ADD CONSTRAINT jobrecord_mobile_checks CHECK (mobile ~ '^09[0-9]{9}$')",
            migrations.RunSQL.noop,
        ),
        Track("employment_tracking_jobrecord", leave_out=("search_text", "sort_name",)),
        AppendOnly("employment_tracking_jobrecordevent"),
    ]
