from django.db import migrations

from audit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("employment_tracking", "0010_pace_reminders"), ("audit", "0002_functions")]

    operations = [AppendOnly("employment_tracking_pacereminder")]
