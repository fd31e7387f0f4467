# SPDX-License-Identifier: Apache-2.0

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_unescaped_tags"),
    ]

    operations = [
        migrations.AddField(
            model_name="customerimport",
            name="heads",
            field=models.JSONField(default=list),
        ),
    ]
