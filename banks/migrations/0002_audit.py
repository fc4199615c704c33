from django.db import migrations

from audit.operations import AppendOnly, Track


class Migration(migrations.Migration):
    dependencies = [("banks", "0001_initial"), ("audit", "0002_functions")]

    operations = [
        Track("banks_referral"),
        Track("banks_disbursement"),
        AppendOnly("banks_referralevent"),
    ]
