# SPDX-License-Identifier: Apache-2.0
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_path"),
        ("workforce", "0003_intraday"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForecastRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("queue", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("history_from", models.DateField()),
                ("history_days", models.PositiveSmallIntegerField()),
                ("model", models.CharField(max_length=32)),
                ("twin", models.CharField(blank=True, default="", max_length=32)),
                ("test", models.JSONField(default=dict)),
                ("said", models.JSONField(default=dict)),
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
                "ordering": ["-made_at", "-pk"],
                "indexes": [models.Index(fields=["queue", "made_at"], name="forecast_of_queue")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="forecast_ends_later"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("mean", models.JSONField()),
                ("low", models.JSONField()),
                ("high", models.JSONField()),
                ("handling", models.JSONField(default=list)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="workforce.forecastrun"
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
                "indexes": [models.Index(fields=["day"], name="forecast_day")],
                "constraints": [models.UniqueConstraint(fields=("run", "day"), name="forecast_day_once")],
            },
        ),
        migrations.CreateModel(
            name="DemandEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("queue", models.CharField(blank=True, default="", max_length=32)),
                ("name", models.CharField(max_length=40)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("from_minute", models.PositiveSmallIntegerField(default=0)),
                ("to_minute", models.PositiveSmallIntegerField(default=1440)),
                ("effect", models.FloatField(blank=True, null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"),
                ),
            ],
            options={
                "verbose_name": "event",
                "ordering": ["-first", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="demand_event_ends_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_minute__gt", models.F("from_minute")), ("to_minute__lte", 1440)),
                        name="demand_event_within_the_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effect__isnull", True), ("effect__gt", 0), _connector="OR"),
                        name="demand_event_effect",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("queue", models.CharField(max_length=32)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(choices=[("factor", "Times"), ("calls", "Calls each half hour")], max_length=8),
                ),
                ("value", models.FloatField()),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staff"),
                ),
                (
                    "withdrawn_by",
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
                "indexes": [models.Index(fields=["queue", "starts_at"], name="forecast_edit_of_queue")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="forecast_edit_ends_later"
                    ),
                    models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="forecast_edit_not_negative"),
                ],
            },
        ),
    ]
