from django.db import migrations

from audit.operations import AppendOnly, Track


class Migration(migrations.Migration):
    """The outbox and the inbox keep their own steps; what the office edits is under the trail."""

    dependencies = [("messaging", "0001_initial"), ("audit", "0002_functions")]

    operations = [
        AppendOnly("messaging_deliveryreport"),
        Track("messaging_messagetemplate"),
        Track("messaging_sendingrules"),
        Track("messaging_sendingpause"),
        Track("messaging_optout"),
    ]
