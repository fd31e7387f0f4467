# SPDX-License-Identifier: Apache-2.0
from django.db import migrations, models

MARK_WHAT_STANDS = """
UPDATE telephony_leg SET aside_at = (SELECT c.offered_at FROM telephony_call c WHERE c.id = telephony_leg.call_id)
WHERE EXISTS (SELECT 1 FROM telephony_call c WHERE c.id = telephony_leg.call_id AND c.agent <> telephony_leg.agent)
AND NOT EXISTS (SELECT 1 FROM telephony_leg l WHERE l.call_id = telephony_leg.call_id
 AND l.agent = telephony_leg.agent AND l.seq < telephony_leg.seq)
"""


class Migration(migrations.Migration):
    dependencies = [("telephony", "0007_survey_wordings")]

    operations = [
        migrations.AddField(
            model_name="leg",
            name="aside_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(MARK_WHAT_STANDS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="leg",
            index=models.Index(
                condition=models.Q(("aside_at__isnull", False)), fields=["agent", "aside_at"], name="leg_aside"
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(condition=models.Q(("agent", "")), fields=["queue", "offered_at"], name="call_nobody"),
        ),
    ]
