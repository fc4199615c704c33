from django.db import migrations

from audit.operations import Track


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("audit", "0002_functions")]

    operations = [
        Track("accounts_user", leave_out=("password", "last_login",)),
        Track("accounts_county"),
        Track("accounts_executiveagency"),
        Track("accounts_bank"),
        Track("accounts_branch"),
        Track("accounts_roleassignment"),
    ]
