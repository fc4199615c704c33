from django.db import migrations

from audit.operations import Track


class Migration(migrations.Migration):
    dependencies = [("background", "0001_initial"), ("audit", "0002_functions")]

    operations = [
        Track("background_storedfile", leave_out=("content",)),
    ]
