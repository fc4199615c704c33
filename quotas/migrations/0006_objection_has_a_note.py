from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("quotas", "0005_objections_told")]

    operations = [
        migrations.AddConstraint(
            model_name="jobquotanotice",
            constraint=models.CheckConstraint(
                name="jobquotanotice_objection_has_a_note",
                condition=Q(dispute="none") | ~Q(note=""),
                violation_error_message="Write in the note who objected and what came of it.",
            ),
        )
    ]
