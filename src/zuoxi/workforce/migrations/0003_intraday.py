# SPDX-License-Identifier: Apache-2.0
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_path"),
        ("workforce", "0002_swaps"),
    ]

    operations = [
        migrations.CreateModel(
            name="IntradayOutlook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("service", models.JSONField(default=list)),
                ("whole_day", models.FloatField(blank=True, null=True)),
                ("so_far", models.FloatField(blank=True, null=True)),
                ("calls", models.FloatField(default=0)),
                ("expected", models.FloatField(default=0)),
                ("present", models.FloatField(default=1)),
            ],
            options={
                "ordering": ["day", "made_at"],
                "constraints": [models.UniqueConstraint(fields=("day", "made_at"), name="outlook_of_a_moment")],
            },
        ),
        migrations.CreateModel(
            name="IntradayDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("breaks", "Breaks moved"),
                            ("reserve", "Reserve called"),
                            ("training", "Training given up"),
                            ("overtime", "Overtime asked"),
                            ("release", "Let go early"),
                        ],
                        max_length=10,
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("said", models.JSONField(default=dict)),
                ("done", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("applied", "Applied"), ("undone", "Taken back")], default="applied", max_length=10
                    ),
                ),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"),
                ),
                (
                    "undone_by",
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
                "indexes": [models.Index(fields=["day", "at"], name="decision_of_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "applied")), fields=("fingerprint",), name="proposal_applied_once"
                    )
                ],
            },
        ),
    ]
