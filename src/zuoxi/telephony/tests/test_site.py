# SPDX-License-Identifier: Apache-2.0
import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from zuoxi.telephony.asterisk.config import Hours, UnsafeValue
from zuoxi.telephony.asterisk.site import plan_of, special_days, weekly_hours
from zuoxi.telephony.models import Extension, Number, OpeningCalendar, Queue, Switch

pytestmark = pytest.mark.django_db


@pytest.fixture
def switch(monkeypatch):
    monkeypatch.setenv("ZUOXI_AMI_SECRET", "a-long-secret")
    one = Switch.objects.create(name="main")
    support = Queue.objects.create(switch=one, code="support", name_zh="售后")
    sales = Queue.objects.create(
        switch=one, code="sales", name_zh="销售", overflow=support, surveyed=True, max_callers=30
    )
    calendar = OpeningCalendar.objects.create(
        code="day",
        name_zh="白天",
        weekly={"mon": [["09:00", "21:00"]]},
        special_days={"2026-10-01": [], "2026-10-11": {"hours": [["10:00", "16:00"]]}},
    )
    Number.objects.create(
        number="4008008000",
        switch=one,
        queue=sales,
        calendar=calendar,
        menu={"choices": {"1": "sales", "2": "support"}},
        when_closed="callback",
    )
    Extension.objects.create(number="1001", switch=one, browser=True, secret="secret-of-1001")
    return one


def written(tmp_path, *words):
    out = StringIO()
    call_command("switch_config", "--switch", "main", "--out", str(tmp_path), *words, stdout=out)
    return out.getvalue().split()


def test_queues_numbers_hours_and_telephones_of_the_database_become_the_switchs_files(switch, tmp_path):
    written(tmp_path)
    dialplan = (tmp_path / "zuoxi_extensions.conf").read_text()
    assert "[zuoxi-in-4008008000]" in dialplan
    assert "GotoIfTime(09:00-20:59,mon,*,*,Asia/Shanghai?open,1)" in dialplan
    assert "exten => 20261001,1,Return(closed)" in dialplan
    assert "GotoIfTime(10:00-15:59,*,*,*,Asia/Shanghai?open,1)" in dialplan
    assert "Set(ZX_QUEUE=support)" in dialplan
    assert "Goto(zuoxi-callback,s,1)" in dialplan
    assert "maxlen=30" in (tmp_path / "zuoxi_queues.conf").read_text()
    assert "[1001](zuoxi-browser)" in (tmp_path / "zuoxi_pjsip.conf").read_text()


def test_a_second_run_changes_nothing_and_says_so(switch, tmp_path):
    assert written(tmp_path)
    assert written(tmp_path) == []


def test_a_dry_run_names_the_files_and_writes_none(switch, tmp_path):
    assert len(written(tmp_path / "new", "--dry-run")) == 5
    assert not (tmp_path / "new").exists()


def test_files_with_passwords_are_not_for_everybody(switch, tmp_path):
    written(tmp_path)
    assert (tmp_path / "zuoxi_pjsip.conf").stat().st_mode & 0o007 == 0


def test_a_spoken_prompt_of_the_centre_is_never_written_over(switch, tmp_path):
    own = tmp_path / "data/sounds/zuoxi/greeting.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"spoken")
    written(tmp_path, "--sounds", str(tmp_path / "data"))
    assert own.read_bytes() == b"spoken"
    assert (tmp_path / "data/sounds/zuoxi/closed.wav").exists()


def test_a_closed_queue_closes_its_numbers_whatever_the_calendar_says(switch):
    Queue.objects.filter(code="sales").update(open=False)
    (number,) = plan_of(switch, {}).numbers
    assert number.hours == ()
    assert number.special_days == ()


def test_without_the_listeners_secret_nothing_is_written(switch, tmp_path, monkeypatch):
    monkeypatch.delenv("ZUOXI_AMI_SECRET")
    with pytest.raises(CommandError, match="ZUOXI_AMI_SECRET"):
        written(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_number_that_was_typed_with_a_line_end_stops_the_whole_run(switch, tmp_path):
    Number.objects.update(number="400\n8000")
    with pytest.raises(CommandError, match="not a safe number"):
        written(tmp_path)
    assert not list(tmp_path.iterdir())


def test_trunks_come_from_the_site_file(switch, tmp_path):
    site = tmp_path / "site.yaml"
    site.write_text("trunks:\n  - {name: operator, contact: '198.51.100.7:5060', match: [198.51.100.7]}\n")
    written(tmp_path / "out", "--site", str(site))
    assert "match=198.51.100.7" in (tmp_path / "out/zuoxi_pjsip.conf").read_text()


def test_a_word_that_the_site_file_does_not_know_is_named(switch):
    with pytest.raises(UnsafeValue, match="trunk"):
        plan_of(switch, {"trunk": []})


def test_opening_over_midnight_becomes_two_openings():
    assert weekly_hours({"sun": [["20:00", "02:00"]]}) == (
        Hours((7,), dt.time(20), dt.time(0)),
        Hours((1,), dt.time(0), dt.time(2)),
    )


def test_until_midnight_is_written_either_way():
    assert weekly_hours({"mon": [["08:00", "24:00"]]}) == weekly_hours({"mon": [["08:00", "00:00"]]})


def test_special_days_are_in_the_order_of_the_year():
    days = special_days({"2026-10-02": [], "2026-10-01": {"greeting": "zuoxi/holiday"}})
    assert [day.day.day for day in days] == [1, 2]
    assert days[0].greeting == "zuoxi/holiday"


def test_a_whole_switch_listens_where_the_operator_reaches_it_and_its_manager_interface_nowhere_else(switch, tmp_path):
    written(tmp_path, "--whole")
    assert "bind=0.0.0.0:5060" in (tmp_path / "pjsip.conf").read_text()
    assert "bindaddr=127.0.0.1" in (tmp_path / "manager.conf").read_text()


def test_behind_a_translated_address_the_outside_is_told_the_public_one(switch, tmp_path):
    site = tmp_path / "site.yaml"
    site.write_text(
        "external_address: 203.0.113.9\nlocal_networks: [10.0.0.0/8, 'fd00::/8']\nrtp_ports: [20000, 20999]"
    )
    written(tmp_path, "--whole", "--site", str(site))
    pjsip = (tmp_path / "pjsip.conf").read_text()
    assert "external_media_address=203.0.113.9\nexternal_signaling_address=203.0.113.9\nlocal_net=10.0.0.0/8" in pjsip
    assert "rtpstart=20000\nrtpend=20999" in (tmp_path / "rtp.conf").read_text()


@pytest.mark.parametrize(
    "text",
    [
        "local_networks: 10.0.0.0/8",
        'external_address: "203.0.113.9\\nbind=1"',
        "local_networks: ['10.0.0.0/8;x']",
        "rtp_ports: [20000]",
        "rtp_ports: [20999, 20000]",
        "modules_folder: ../..",
    ],
)
def test_addresses_that_are_none_stop_the_run_before_anything_is_written(switch, tmp_path, text):
    site = tmp_path / "site.yaml"
    site.write_text(text)
    with pytest.raises(CommandError):
        written(tmp_path / "out", "--whole", "--site", str(site))
    assert not (tmp_path / "out").exists()
