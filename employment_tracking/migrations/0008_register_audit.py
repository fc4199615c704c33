from django.db import migrations

from audit.operations import AppendOnly, Track


class Migration(migrations.Migration):
    dependencies = [("employment_tracking", "0007_register_fields"), ("audit", "0002_functions")]

    operations = [
        migrations.RunSQL(
            "SELECT audit_untrack('employment_tracking_jobrecord')",
            "SELECT audit_track('employment_tracking_jobrecord', ARRAY['search_text', 'sort_name'])",
        ),
        Track("employment_tracking_jobrecord", leave_out=("search_text", "sort_name", "address_key")),
        Track("employment_tracking_recordflag"),
        Track("employment_tracking_recordreturn"),
        Track("employment_tracking_claimdispute"),
        AppendOnly("employment_tracking_jobevidence"),
        AppendOnly("employment_tracking_knownworker"),
    ]
