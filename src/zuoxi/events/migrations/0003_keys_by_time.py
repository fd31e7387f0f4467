# SPDX-License-Identifier: Apache-2.0
"""Keys of what switches told begin with their second from now on; those that stand are told again the new way."""

from typing import Any

from django.db import migrations

SOURCES = ("ami", "queue_log", "cel", "sim")
BATCH = 5000


def by_time(apps: Any, schema_editor: Any) -> None:
    events = apps.get_model("events", "Event")
    last = 0
    while rows := list(events.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        told = [one for one in rows if one.source in SOURCES]
        for one in told:
            one.key = int(one.at.timestamp()).to_bytes(4, "big") + bytes(one.key)[:12]
        events.objects.bulk_update(told, ["key"], batch_size=200)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("events", "0002_whole_indexes")]
    operations = [migrations.RunPython(by_time, migrations.RunPython.noop)]
