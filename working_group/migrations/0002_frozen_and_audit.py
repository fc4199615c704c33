from pathlib import Path

from django.db import migrations

from audit.operations import Track

FROZEN = Path(__file__).resolve().parent.parent / "frozen.sql"


class Migration(migrations.Migration):
    dependencies = [("working_group", "0001_initial"), ("audit", "0002_functions")]

    operations = [
        migrations.RunSQL(FROZEN.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        Track("working_group_member"),
        Track("working_group_meeting"),
        Track("working_group_attendance"),
        Track("working_group_agendaitem"),
        Track("working_group_interest"),
        Track("working_group_decision"),
        Track("working_group_resolution"),
    ]
