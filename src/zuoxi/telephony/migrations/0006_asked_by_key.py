# SPDX-License-Identifier: Apache-2.0
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0005_callback_key")]

    operations = [
        migrations.AddField("queue", "survey", models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField("call", "survey_asked", models.SmallIntegerField(null=True)),
        migrations.AddField("call", "survey_means", models.CharField(blank=True, default="", max_length=20)),
        migrations.AddField("call", "survey_answers", models.CharField(blank=True, default="", max_length=60)),
    ]
