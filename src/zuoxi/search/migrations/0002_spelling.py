# SPDX-License-Identifier: Apache-2.0
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0001_search")]
    operations = [
        migrations.AddField(
            model_name="entry",
            name="spelling",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="Respelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spelling", models.SmallIntegerField(unique=True)),
                ("upto", models.BigIntegerField(default=0)),
                ("done", models.BooleanField(default=False)),
            ],
        ),
    ]
