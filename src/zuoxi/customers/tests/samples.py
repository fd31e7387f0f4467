# SPDX-License-Identifier: Apache-2.0
"""One of each thing of the customers, for the test that tries every door."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from zuoxi.customers import services
from zuoxi.customers.models import CustomerImport, Merge, SavedFilter


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    now, agent = timezone.now(), world["agent"]
    one = services.save_customer(None, name="样本", tags=[], note="", by=agent, now=now, number="13800000001")
    other = services.save_customer(None, name="样本", tags=[], note="", by=agent, now=now, number="13800000002")
    services.change_customer(one, {"note": "x"}, by=agent, now=now)
    address = services.add_address(one, {"line": "样本路1号"}, by=agent, now=now)
    bar = services.bar_number("13800000003", scope="offers", reason="样本", source="ours", by=agent, now=now)
    batch = CustomerImport.objects.create(name="x.csv", token="none", by=agent.user, at=now)
    merge = Merge.objects.create(kept=one, gone=other, before={}, chosen={}, moved={}, at=now, undone_at=now)
    kept = SavedFilter.objects.create(user=agent.user, name="x", query="q=x")
    number = one.numbers.get()
    pk = {"pk": one.pk}
    names = ("customer", "history", "edit", "say_identity", "reveal_identity", "consent", "add_address", "add_number")
    return {
        **{f"customers:{name}": dict(pk) for name in names},
        "customers:drop_address": {**pk, "address": address.pk},
        "customers:reveal": {**pk, "number": number.pk},
        "customers:drop": {**pk, "number": number.pk},
        "customers:merge": {"kept": one.pk, "gone": other.pk},
        "customers:undo_merge": {"pk": merge.pk},
        "customers:lift_bar": {"pk": bar.pk},
        "customers:seen_change": {"pk": one.changes.filter(field="note").get().pk},
        "customers:drop_filter": {"pk": kept.pk},
        **{
            f"customers:{name}": {"pk": batch.pk}
            for name in ("import", "import_columns", "import_run", "import_rejects")
        },
    }
