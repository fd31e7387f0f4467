# SPDX-License-Identifier: Apache-2.0
"""Keys that begin with their second, and those of older ledgers told the new way."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps

from zuoxi.events.models import Event
from zuoxi.telephony.asterisk.identity import Boot, keyed_by_time

AT = datetime(2026, 3, 4, 1, 0, 0, 250_000, tzinfo=UTC)
BOOT = Boot("lab", 1_772_000_000)


def test_keys_of_later_facts_sort_after_earlier_ones():
    later = AT.replace(minute=1)
    assert sorted([BOOT.fact_key(b"b", later), BOOT.fact_key(b"a", AT)]) == [
        BOOT.fact_key(b"a", AT),
        BOOT.fact_key(b"b", later),
    ]


def test_two_facts_of_one_second_have_two_keys_of_sixteen_bytes():
    one, other = BOOT.fact_key(b"a", AT), BOOT.fact_key(b"b", AT)
    assert one != other
    assert len(one) == len(other) == 16


@pytest.mark.django_db
def test_an_older_ledger_knows_its_facts_again_after_the_migration():
    for source, raw in (("ami", b"a"), ("import", b"b")):
        Event.objects.create(
            id=len(raw) + (source == "ami"), stream="switch:lab", key=BOOT.key(raw), kind="call.ended", at=AT,
            source=source, subject="", party="", data={},
        )  # fmt: skip
    import_module("zuoxi.events.migrations.0003_keys_by_time").by_time(apps, None)
    keys = {one.source: bytes(one.key) for one in Event.objects.all()}
    assert keys == {"ami": BOOT.fact_key(b"a", AT), "import": BOOT.key(b"b")}
    assert keys["ami"] == keyed_by_time(BOOT.key(b"a"), int(AT.timestamp()))
