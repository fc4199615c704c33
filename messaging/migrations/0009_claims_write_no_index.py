"""A claim writes no index: see docs/decisions/0029.

What is queued or being sent is found by columns that a claim does not write; pages are left half empty, so that the row's
next version has room beside the present one.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_user_mobile'),
        ('messaging', '0008_for_a_person'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='outboundmessage', name='outbound_due'),
        migrations.RemoveIndex(model_name='outboundmessage', name='outbound_leased'),
        migrations.RemoveIndex(model_name='outboundmessage', name='outbound_in_doubt'),
        migrations.RemoveIndex(model_name='outboundmessage', name='outbound_of_today'),
        migrations.AddIndex(
            model_name='outboundmessage',
            index=models.Index(condition=models.Q(('ended_at', None), ('provider_id', None)), fields=['due_at', 'id'], name='outbound_open'),
        ),
        migrations.AddIndex(
            model_name='outboundmessage',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['first_tried_at'], name='outbound_tried', pages_per_range=32),
        ),
        migrations.AddConstraint(
            model_name='outboundmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['queued', 'sending']), _negated=True), models.Q(('ended_at', None), ('provider_id', None)), _connector='OR'), name='outbound_open_while_unsent'),
        ),
        migrations.RunSQL(
            "ALTER TABLE messaging_outboundmessage SET (fillfactor = 45)",
            "ALTER TABLE messaging_outboundmessage RESET (fillfactor)",
        ),
    ]
