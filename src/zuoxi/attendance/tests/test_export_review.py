# SPDX-License-Identifier: Apache-2.0
import pytest
from django.urls import reverse

from zuoxi.attendance.recomputing import recompute
from zuoxi.attendance.tests.world import AFTER, MONTH
from zuoxi.vault.models import HeldExport


@pytest.mark.clause("SEC-002")
def test_the_analysts_sheet_waits_for_the_support_manager_and_the_managers_own_does_not(
    world, client, settings, tmp_path
):
    settings.HOME = tmp_path
    world.attend("tsr1", 12)
    recompute(MONTH, AFTER)
    address = reverse("attendance:export", args=["2026-10"])
    client.force_login(world.user("da"))
    assert client.get(address).headers["Location"] == reverse("vault:exports")
    held = HeldExport.objects.get()
    client.force_login(world.user("sm"))
    assert client.post(reverse("vault:decide_export", args=[held.pk]), {"release": "1"}).status_code == 302
    client.force_login(world.user("da"))
    assert client.get(reverse("vault:export_file", args=[held.pk])).content[:2] == b"PK"
    client.force_login(world.user("om"))
    assert client.get(address).content[:2] == b"PK"
    assert HeldExport.objects.count() == 1
