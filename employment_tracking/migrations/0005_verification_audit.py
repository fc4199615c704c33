from django.db import migrations

from audit.operations import AppendOnly, Track


class Migration(migrations.Migration):
    dependencies = [("employment_tracking", "0004_attempts"), ("audit", "0002_functions")]

    operations = [
        Track("employment_tracking_campaign"),
        Track("employment_tracking_verificationcase", leave_out=("lease_by_id", "lease_until")),
        AppendOnly("employment_tracking_attempt"),
    ]
