# SPDX-License-Identifier: Apache-2.0

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_path'),
        ('workforce', '0007_wishes'),
    ]

    operations = [
        migrations.CreateModel(
            name='DemandHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('queue', models.CharField(max_length=32)),
                ('day', models.DateField()),
                ('calls', models.JSONField()),
                ('handled', models.JSONField(default=list)),
                ('source', models.CharField(blank=True, default='', max_length=80)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.staff')),
            ],
            options={
                'ordering': ['queue', 'day'],
                'indexes': [models.Index(fields=['day'], name='demand_history_day')],
                'constraints': [models.UniqueConstraint(fields=('queue', 'day'), name='demand_history_day_once')],
            },
        ),
    ]
