# SPDX-License-Identifier: Apache-2.0

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_path"),
        ("workforce", "0005_what_if"),
    ]

    operations = [
        migrations.AddField(
            model_name="intradaydecision",
            name="staff",
            field=models.ManyToManyField(related_name="+", to="people.staff"),
        ),
    ]
