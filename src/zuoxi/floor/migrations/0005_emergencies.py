# SPDX-License-Identifier: Apache-2.0

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('floor', '0004_superior_share'),
        ('people', '0003_path'),
    ]

    operations = [
        migrations.CreateModel(
            name='FloorEmergency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=24)),
                ('state', models.CharField(choices=[('open', 'Nobody has taken it yet'), ('handling', 'Being dealt with'), ('over', 'Over')], default='open', max_length=8)),
                ('began_at', models.DateTimeField()),
                ('words', models.CharField(blank=True, default='', max_length=500)),
                ('told', models.JSONField(default=list)),
                ('finding', models.JSONField(default=dict)),
                ('seen_at', models.DateTimeField(null=True)),
                ('calm_since', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=500)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.staff')),
                ('handler', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.staff')),
                ('told_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.staff')),
            ],
            options={
                'indexes': [models.Index(fields=['-began_at'], name='floor_emergency_began')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('kind',), name='one_emergency_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='EmergencyEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(null=True)),
                ('words', models.CharField(blank=True, default='', max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.staff')),
                ('emergency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='floor.flooremergency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('emergency', 'place'), name='emergency_step_once')],
                'ordering': ['at', 'pk'],
            },
        ),
    ]
