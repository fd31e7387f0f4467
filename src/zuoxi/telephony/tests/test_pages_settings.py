# SPDX-License-Identifier: Apache-2.0
"""Setting up telephony, through the door, down to the switch's files."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from zuoxi.telephony import defaults, switch_files
from zuoxi.telephony.models import (
    Command,
    Extension,
    NotReadyReason,
    Number,
    OpeningCalendar,
    Queue,
    QueueMembership,
    Switch,
)
from zuoxi.telephony.settings_forms import DAYS, intervals, spoken
from zuoxi.telephony.tests import factories as make
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db
BASE = "/telephony/settings"


@pytest.fixture
def technician(client):
    client.force_login(make.user("9200", "IT"))


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    settings.SWITCH_FOLDERS = [tmp_path]
    monkeypatch.setenv("ZUOXI_AMI_SECRET", "a-long-enough-secret-1")
    folder = tmp_path / "asterisk"
    folder.mkdir()
    make.switch("lab", config_path=str(folder))
    make.queue("sales")
    return folder


def audited(verb):
    return AuditEntry.objects.filter(verb=verb)


def queue_form(**changes):
    fields = {
        "code": "vip",
        "name_zh": "贵宾",
        "name_en": "VIP",
        "switch": make.switch().pk,
        "number": "8100",
        "strategy": "rrmemory",
        "ring_seconds": 15,
        "wrap_seconds": 30,
        "target_seconds": 20,
        "target_percent": 80,
        "short_abandon_seconds": 5,
        "max_wait_seconds": 300,
        "max_callers": 0,
        "priority": 0,
        "overflow": "",
        "recorded": "on",
        "open": "on",
    }
    return {**fields, **changes}


@pytest.mark.parametrize("role", ["TSR", "TSRL", "OM", "QA", "DA", "HR"])
def test_only_those_who_run_the_telephones_may_set_them_up(client, role):
    client.force_login(make.user("9300", role, make.team()))
    for page in ("queue/", "switch/", "members/", "queue/new/"):
        assert client.get(f"{BASE}/{page}").status_code == 403, page


@pytest.mark.parametrize("key", ["queue", "number", "calendar", "extension", "reason", "switch"])
def test_every_kind_has_a_list_and_an_empty_form(client, technician, key):
    assert client.get(f"{BASE}/{key}/").status_code == 200
    assert client.get(f"{BASE}/{key}/new/").status_code == 200


def test_a_kind_that_is_none_is_not_found(client, technician):
    assert client.get(f"{BASE}/command/").status_code == 404


def test_a_change_is_in_the_chain_with_what_it_was_and_what_it_is(client, technician):
    queue = make.queue("vip", number="8100")
    client.post(f"{BASE}/queue/{queue.pk}/", queue_form(wrap_seconds=45))
    queue.refresh_from_db()
    assert queue.wrap_seconds == 45
    entry = audited("telephony.queue.changed").get()
    assert entry.who == "9200"
    assert entry.detail["changed"]["wrap_seconds"] == ["30", "45"]


@pytest.mark.parametrize("code", ["VIP", "1st", "a b", "a;b", "../x", "名"])
def test_a_code_that_could_break_the_switchs_files_is_refused_and_stays_typed(client, technician, code):
    answer = client.post(f"{BASE}/queue/new/", queue_form(code=code))
    assert answer.status_code == 422
    assert not Queue.objects.filter(name_zh="贵宾").exists()
    assert "8100" in answer.content.decode()


def test_queues_cannot_overflow_in_a_circle(client, technician):
    first = make.queue("one")
    second = make.queue("two", overflow=first)
    answer = client.post(f"{BASE}/queue/{first.pk}/", queue_form(code="one", overflow=second.pk))
    assert "循环溢出" in answer.content.decode()


def test_what_is_still_used_is_not_removed_and_says_by_what(client, technician):
    queue = make.queue("sales")
    Number.objects.create(number="8000", switch=make.switch(), queue=queue)
    client.post(f"{BASE}/queue/{queue.pk}/remove/")
    assert Queue.objects.filter(pk=queue.pk).exists()
    spare = make.queue("spare")
    client.post(f"{BASE}/queue/{spare.pk}/remove/")
    assert not Queue.objects.filter(pk=spare.pk).exists()
    assert audited("telephony.queue.removed").get().detail["was"]["code"] == "spare"


def calendar_form(**changes):
    fields = {"code": "day", "name_zh": "白班", "name_en": "Day"}
    for key, _label in DAYS:
        fields[f"day_{key}"] = ""
    for row in range(3):
        fields |= {f"special_{row}_day": "", f"special_{row}_hours": ""}
    return {**fields, **changes}


@pytest.mark.clause("CALL-010")
def test_opening_hours_are_typed_as_spans_and_kept_as_data(client, technician):
    form = calendar_form(
        day_mon="8:45-12:00, 13:30-17:30",
        day_sat="22:00-06:00",
        special_0_day="2026-10-01",
        special_1_day="2026-10-10",
        special_1_hours="09:00-18:00",
    )
    assert client.post(f"{BASE}/calendar/new/", form).status_code == 302
    calendar = OpeningCalendar.objects.get()
    assert calendar.weekly == {"mon": [["08:45", "12:00"], ["13:30", "17:30"]], "sat": [["22:00", "06:00"]]}
    assert calendar.special_days == {"2026-10-01": [], "2026-10-10": [["09:00", "18:00"]]}
    page = client.get(f"{BASE}/calendar/{calendar.pk}/").content.decode()
    assert "08:45-12:00, 13:30-17:30" in page
    assert "2026-10-01" in page


@pytest.mark.parametrize("text", ["9-18", "09:00", "25:00-26:00", "09:00-12:00, 11:00-13:00", "09:60-10:00", "all day"])
def test_spans_without_sense_are_refused(text):
    with pytest.raises(ValidationError):
        intervals(text)


@pytest.mark.parametrize("text", ["", "09:00-18:00", "00:00-24:00", "22:00-06:00", "08:45-12:00, 13:30-17:30"])
def test_spans_survive_being_read_and_spoken(text):
    assert spoken(intervals(text)) == text


def test_spans_in_chinese_punctuation_are_understood():
    assert intervals("9:00至12:00，13:30—18:00") == [["09:00", "12:00"], ["13:30", "18:00"]]


def test_a_menu_is_a_queue_for_each_key(client, technician):
    make.queue("sales")
    make.queue("care")
    form = {
        "number": "4008001234",
        "switch": make.switch().pk,
        "when_closed": "voicemail",
        "key_1": "sales",
        "key_2": "care",
    }
    form["queue"] = Queue.objects.get(code="sales").pk
    client.post(f"{BASE}/number/new/", form)
    assert Number.objects.get().menu == {"choices": {"1": "sales", "2": "care"}}


def test_a_telephone_gets_a_password_that_is_never_shown(client, technician):
    form = {"number": "1001", "switch": make.switch().pk, "browser": "on"}
    client.post(f"{BASE}/extension/new/", form)
    one = Extension.objects.get()
    assert len(one.secret) >= 20
    assert one.secret not in client.get(f"{BASE}/extension/{one.pk}/").content.decode()
    assert one.secret not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    client.post(f"{BASE}/extension/{one.pk}/", form)
    assert Extension.objects.get().secret == one.secret
    client.post(f"{BASE}/extension/{one.pk}/", {**form, "renew": "on"})
    assert Extension.objects.get().secret != one.secret


def test_a_switch_cannot_be_told_to_write_where_the_installation_does_not_permit(
    client, technician, tmp_path, settings
):
    settings.SWITCH_FOLDERS = [tmp_path]
    form = {"name": "lab", "kind": "asterisk", "host": "127.0.0.1", "port": 5038, "username": "zuoxi"}
    form |= {"secret_env": "ZUOXI_AMI_SECRET"}
    for path in ("/srv/elsewhere", f"{tmp_path}/../elsewhere", "/etc"):
        assert client.post(f"{BASE}/switch/new/", {**form, "config_path": path}).status_code == 422, path
    assert client.post(f"{BASE}/switch/new/", {**form, "secret_env": "PATH"}).status_code == 422
    assert client.post(f"{BASE}/switch/new/", {**form, "config_path": f"{tmp_path}/asterisk"}).status_code == 302


def test_memberships_are_changed_in_one_piece_and_only_what_differs_is_told(client, technician):
    sales, care = make.queue("sales"), make.queue("care")
    staff = make.person("1001", "TSR", make.team())
    Extension.objects.create(number="1001", switch=make.switch(), staff=staff)
    QueueMembership.objects.create(queue=sales, staff=staff, penalty=0)
    page = client.get(f"{BASE}/members/").content.decode()
    assert f'name="m-{staff.pk}-{care.pk}"' in page
    client.post(f"{BASE}/members/", {f"m-{staff.pk}-{sales.pk}": "0", f"m-{staff.pk}-{care.pk}": "2", "m-x-1": "1"})
    assert set(QueueMembership.objects.values_list("queue__code", "penalty")) == {("sales", 0), ("care", 2)}
    assert audited("telephony.memberships.changed").get().detail["changed"] == [[staff.pk, care.pk, None, 2]]
    client.post(f"{BASE}/members/", {f"m-{staff.pk}-{sales.pk}": ""})
    assert list(QueueMembership.objects.values_list("queue__code", flat=True)) == ["care"]


def files_page(client):
    return client.get(reverse("telephony:switch_preview", args=[Switch.objects.get().pk]))


def apply(client, mark):
    return client.post(reverse("telephony:switch_preview", args=[Switch.objects.get().pk]), {"mark": mark}, follow=True)


def test_the_preview_shows_what_would_change_and_writes_nothing(client, technician, folder):
    page = files_page(client)
    names = [change.name for change in page.context["preview"].changes]
    assert "zuoxi_queues.conf" in names
    assert "[sales]" in page.content.decode()
    assert list(folder.iterdir()) == []


def test_applying_writes_the_files_and_asks_the_switch_to_read_them(client, technician, folder):
    mark = files_page(client).context["preview"].mark
    apply(client, mark)
    assert "[sales]" in (folder / "zuoxi_queues.conf").read_text()
    assert (folder / "zuoxi_pjsip.conf").stat().st_mode & 0o007 == 0
    command = Command.objects.get()
    assert command.verb == "reload"
    assert "queues" in command.arguments["modules"]
    assert "zuoxi_queues.conf" in audited("telephony.switch.configured").get().detail["files"]
    assert files_page(client).context["preview"].changes == []


def test_what_was_not_shown_is_not_applied(client, technician, folder):
    mark = files_page(client).context["preview"].mark
    make.queue("new")
    page = apply(client, mark)
    assert list(folder.iterdir()) == []
    assert "期间有变动" in page.content.decode()
    assert not Command.objects.exists()


def test_passwords_appear_as_fingerprints_only_and_a_change_of_one_shows(client, technician, folder):
    Extension.objects.create(number="1001", switch=Switch.objects.get(), secret="first-password-123")
    body = files_page(client).content.decode()
    assert "first-password-123" not in body
    assert "a-long-enough-secret-1" not in body
    apply(client, files_page(client).context["preview"].mark)
    assert "first-password-123" in (folder / "zuoxi_pjsip.conf").read_text()
    Extension.objects.update(secret="second-password-456")
    body = files_page(client).content.decode()
    assert "second-password-456" not in body
    assert body.count("••••") >= 2


def test_without_a_folder_or_a_secret_it_says_what_to_set_up(client, technician, folder, monkeypatch):
    monkeypatch.delenv("ZUOXI_AMI_SECRET")
    assert "ZUOXI_AMI_SECRET" in files_page(client).content.decode()
    Switch.objects.update(config_path="")
    page = files_page(client)
    assert page.status_code == 200
    assert "无法生成配置" in page.content.decode()


def test_a_value_that_cannot_stand_in_a_configuration_stops_everything(folder):
    staff = make.person("1001", "TSR", name='x"; evil')
    Extension.objects.create(number="1001", switch=Switch.objects.get(), staff=staff, secret="first-password-123")
    with pytest.raises(switch_files.NotReady):
        switch_files.preview(Switch.objects.get())


def test_a_new_centre_begins_with_reasons_and_queues_that_are_never_written_over():
    assert defaults.load_not_ready_reasons() == 6
    NotReadyReason.objects.filter(code="restroom").update(limit_minutes=9)
    assert defaults.load_not_ready_reasons() == 0
    assert NotReadyReason.objects.get(code="restroom").limit_minutes == 9
    switch = make.switch()
    assert defaults.load_queues(switch) == 3
    assert defaults.load_queues(switch) == 0
