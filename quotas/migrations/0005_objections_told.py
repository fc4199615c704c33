from django.db import migrations


class Migration(migrations.Migration):
    """What stood as «open» and «settled» in the words of today, and a note beside each objection."""

    dependencies = [("quotas", "0004_objections_and_letters")]

    operations = [
        migrations.RunSQL(
            sql="""
                UPDATE quotas_jobquotanotice SET
                    dispute = CASE dispute WHEN 'open' THEN 'objected' ELSE 'upheld' END,
                    note = CASE note WHEN '' THEN 'شرح اعتراض ثبت نشده است' ELSE note END
                WHERE dispute IN ('open', 'settled')
            """,
            reverse_sql="""
                UPDATE quotas_jobquotanotice SET dispute = CASE dispute WHEN 'objected' THEN 'open' ELSE 'settled' END
                WHERE dispute IN ('objected', 'upheld', 'changed')
            """,
        )
    ]
