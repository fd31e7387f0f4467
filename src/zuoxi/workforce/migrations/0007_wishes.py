# SPDX-License-Identifier: Apache-2.0

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_path"),
        ("workforce", "0006_intraday_staff"),
    ]

    operations = [
        migrations.CreateModel(
            name="RosterWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("want", models.CharField(default="off", max_length=12)),
                ("strong", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("weighed_at", models.DateTimeField(blank=True, null=True)),
                ("lost_to", models.CharField(blank=True, default="", max_length=20)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roster_wishes", to="people.staff"
                    ),
                ),
            ],
            options={
                "ordering": ["day", "staff"],
                "indexes": [models.Index(fields=["day"], name="wish_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("staff", "day"),
                        name="one_wish_a_day",
                    )
                ],
            },
        ),
    ]
