# SPDX-License-Identifier: Apache-2.0
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0006_asked_by_key")]

    operations = [
        migrations.CreateModel(
            name="SurveyWording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("queue", models.CharField(max_length=32)),
                ("since", models.DateTimeField()),
                ("questions", models.JSONField()),
            ],
            options={"indexes": [models.Index(fields=["queue", "since"], name="survey_wording_since")]},
        ),
    ]
