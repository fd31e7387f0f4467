# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from zuoxi.approvals import kinds, services
from zuoxi.approvals.tests.conftest import NOW
from zuoxi.policy.entries import sections
from zuoxi.policy.packs import overlaid, pack_codes
from zuoxi.policy.yaml_file import PackError


def ask(staff, kind, files=(), **data):
    return services.submit(kind, staff, data, by=staff.user, now=NOW, attachments=files)


def at(hours):
    return f"{timezone.localtime(NOW) + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


ROOM = {"rank": "department", "people": "一组", "reason": "周会"}


@pytest.mark.clause("ADM-013")
def test_a_room_is_asked_for_a_day_ahead_to_the_minute(world):
    world.hire("fd", "FD")
    with pytest.raises(ValidationError) as wrong:
        ask(world.t1, "meeting_room", **ROOM, starts=at(23.99), ends=at(25))
    assert "starts" in wrong.value.error_dict
    assert world.approver(ask(world.t1, "meeting_room", **ROOM, starts=at(24), ends=at(25))) == "fd"


@pytest.mark.clause("ADM-012")
def test_the_way_follows_a_field_of_the_form(world):
    given = {"starts": at(30), "ends": at(31), "people": "9", "reason": "培训"}
    inside = ask(world.t1, "training_room", who="inside", **given)
    outside = ask(world.t1, "training_room", who="outside", **given)
    assert [len(one.signatures.all()) for one in (inside, outside)] == [1, 2]


@pytest.mark.clause("ORG-029")
def test_lending_to_another_department_needs_paper_and_the_director(world):
    from django.core.files.uploadedfile import SimpleUploadedFile

    day = str(timezone.localdate(NOW) + timedelta(days=1))
    given = {"department": "市场部", "person": "t1", "first": day, "last": day, "reason": "活动"}
    with pytest.raises(ValidationError):
        ask(world.om, "external_loan", **given)
    paper = SimpleUploadedFile("函.pdf", b"%PDF-1", "application/pdf")
    assert world.approver(ask(world.om, "external_loan", [paper], **given)) == "dir"
    assert not kinds.kind_named("external_loan").may_ask(world.t1, timezone.localdate(NOW))


@pytest.mark.clause("SCH-010")
def test_chengdu_asks_overtime_only_for_what_broke_out_suddenly(world, settings):
    settings.PACK = "chengdu"
    world.hire("fd", "FD")
    given = {"starts": at(1), "ends": at(3), "reason": "系统故障"}
    with pytest.raises(services.Refused):
        ask(world.t1, "overtime_application", **given)
    request = ask(world.t1, "overtime_application", sudden="on", **given)
    assert list(request.signatures.values_list("role", flat=True)) == ["ADMINISTRATION", "GENERAL_MANAGER"]


@pytest.mark.clause("CALL-008", "ORG-037")
def test_under_the_seat_rules_the_manager_agrees_to_a_substitute(world, settings):
    settings.PACK = "seat_rules"
    given = {"why": "away", "starts": at(0), "ends": at(1), "substitute": "t2", "reason": "就医"}
    assert world.approver(ask(world.t1, "substitute", **given)) == "om"
    with pytest.raises(ValidationError):
        ask(world.t1, "substitute", **given | {"substitute": "nobody"})


def test_one_packs_types_are_not_anothers(world, settings):
    settings.PACK = "tv_shopping"
    assert "overtime_application" not in kinds.kinds()
    settings.PACK = "chengdu"
    assert "overtime_application" in kinds.kinds()


def test_the_form_reads_as_people_do(world):
    request = ask(world.t1, "training_room", who="inside", starts=at(30), ends=at(31), people="9", reason="培训")
    lines = {str(name): str(value) for name, value in kinds.kind_named("training_room").summary(request)}
    assert lines["借用方"] == "企业内部门"
    assert lines["开始"] == f"{timezone.localtime(NOW) + timedelta(hours=30):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("code", pack_codes())
@pytest.mark.once
def test_every_pack_reads(code):
    assert "request_types" in sections()
    overlaid(code)


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("ways: [{steps: [NOBODY], say: {zh: 甲, en: a}}]", "NOBODY"),
        ("ways: [{when: {field: other}, steps: [HR], say: {zh: 甲, en: a}}]", "other"),
        ("ways: [{steps: [HR], say: {zh: 甲, en: a}}]\n    typo: 1", "typo"),
    ],
)
def test_a_typing_error_in_a_pack_is_refused_with_its_line(tmp_path, text, trouble):
    home = tmp_path / "mine"
    home.mkdir()
    (home / "pack.yaml").write_text("code: mine\nname: {zh: 甲, en: a}\nabout: {zh: 甲, en: a}\n", "utf-8")
    body = "request_types:\n  x:\n    label: {zh: 甲, en: a}\n    group: {zh: 甲, en: a}\n    fields: {}\n    " + text
    (home / "types.yaml").write_text(body + "\n", "utf-8")
    with pytest.raises(PackError, match=trouble):
        overlaid("mine", tmp_path)
