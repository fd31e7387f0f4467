# SPDX-License-Identifier: Apache-2.0

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_path"),
        ("workforce", "0004_forecast"),
    ]

    operations = [
        migrations.CreateModel(
            name="WhatIf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("first", models.DateField()),
                ("days", models.PositiveSmallIntegerField(default=1)),
                ("past", models.BooleanField(default=False)),
                ("seed", models.PositiveIntegerField(default=1)),
                ("was", models.JSONField(blank=True, default=dict)),
                ("made_at", models.DateTimeField()),
                ("job", models.BigIntegerField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staff",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 31)), name="what_if_has_days"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WhatIfCourse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                (
                    "people",
                    models.CharField(
                        choices=[
                            ("was", "As it was"),
                            ("published", "Published roster"),
                            ("written", "Roster with drafts"),
                            ("week_before", "Roster of the week before"),
                        ],
                        default="published",
                        max_length=12,
                    ),
                ),
                ("changes", models.JSONField(blank=True, default=list)),
                ("outcome", models.JSONField(blank=True, default=dict)),
                ("problem", models.CharField(blank=True, default="", max_length=20)),
                ("played_at", models.DateTimeField(blank=True, null=True)),
                (
                    "what_if",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="courses", to="workforce.whatif"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("what_if", "name"), name="one_course_of_a_name")],
            },
        ),
    ]
