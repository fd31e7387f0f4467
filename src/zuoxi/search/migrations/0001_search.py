# SPDX-License-Identifier: Apache-2.0
from django.db import migrations, models


def words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_entry ADD COLUMN words tsvector")
        schema_editor.execute("CREATE INDEX search_entry_words ON search_entry USING gin (words) WITH (fastupdate=off)")
        schema_editor.execute("ALTER TABLE search_entry ALTER COLUMN words SET STATISTICS 50")
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5("
            "title, body, scopes, content='', prefix='3', tokenize=\"ascii tokenchars '.@_'\")"
        )


def no_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_entry DROP COLUMN words")
    else:
        schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("ref", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True, default="")),
                ("scopes", models.JSONField(blank=True, default=list)),
                ("sound", models.TextField(blank=True, default="")),
                ("weight", models.SmallIntegerField(default=0)),
                ("at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["kind", "ref"], name="search_one_entry_per_thing")
                ],
                "indexes": [models.Index(fields=["kind", "-id"], name="search_kind_newest")],
            },
        ),
        migrations.RunPython(words, no_words),
    ]
