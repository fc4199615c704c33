from pathlib import Path

from django.db import migrations

from audit.operations import Track

LEDGER = Path(__file__).resolve().parent.parent / "ledger.sql"


class Migration(migrations.Migration):
    dependencies = [("quotas", "0001_initial"), ("audit", "0002_functions")]

    operations = [
        migrations.RunSQL(LEDGER.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        Track("quotas_programme"),
        Track("quotas_yearrule"),
        Track("quotas_loanterm"),
        Track("quotas_requiredinquiry"),
        Track("quotas_agentbank"),
        Track("quotas_rankingcriterion"),
        Track("quotas_creditpool"),
        Track("quotas_creditnotice"),
        Track("quotas_creditnoticeshare"),
        Track("quotas_commitment"),
        Track("quotas_creditmovement"),
        Track("quotas_jobquota"),
        Track("quotas_jobquotanotice"),
        Track("quotas_jobplanmonth"),
    ]
