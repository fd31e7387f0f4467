# SPDX-License-Identifier: Apache-2.0
"""The pages of customers: found, looked at, merged, barred, imported and counted by those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from zuoxi.customers import panels, selectors, services, timeline
from zuoxi.customers.models import Customer, CustomerImport, DoNotCall, FieldChange, Merge, ServiceCount
from zuoxi.jobs import registry
from zuoxi.jobs.models import Job
from zuoxi.jobs.running import Run
from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def now():
    return timezone.now()


def as_(code: str, role: str) -> Client:
    client = Client()
    client.force_login(make.user(code, role), backend=BACKEND)
    return client


def made(name="王女士", number="13800138000", **more):
    values = {"tags": [], "note": "", **more}
    return services.save_customer(None, name=name, by=None, now=timezone.now(), number=number, **values)


def text(answer):
    return answer.content.decode()


@pytest.mark.clause("CUS-001")
def test_one_page_shows_everything_of_a_customer_in_few_queries(now, django_assert_max_num_queries):
    company = made("华海公司", "0532-88888888", kind="company")
    wang = made(grade="vip", tags=["老客户"], parent=company, identity="370202199001011234")
    for number in range(12):
        services.add_number(wang, f"1390000{number:04}", by=None, now=now)
        services.add_address(wang, {"city": "青岛市", "line": f"香港路{number}号"}, by=None, now=now)
    client = as_("1001", "TSR")
    client.get(f"/customers/{wang.pk}/")
    with django_assert_max_num_queries(12):
        page = text(client.get(f"/customers/{wang.pk}/"))
    client.get(f"/customers/{wang.pk}/beside/")
    with django_assert_max_num_queries(12):
        client.get(f"/customers/{wang.pk}/beside/")
    assert "华海公司" in page and "重要客户" in page and "3****************4" in page
    assert "370202199001011234" not in page and "13800138000" not in page and "北京市" in page


@pytest.mark.clause("CUS-002")
def test_a_change_with_a_ticket_is_not_on_the_list_of_those_without(now):
    wang = made()
    agent, manager = as_("1001", "TSR"), as_("2001", "OM")
    agent.post(f"/customers/{wang.pk}/edit/", {"name": "王梅", "tags": "", "note": "", "business": "GD20261122001"})
    agent.post(f"/customers/{wang.pk}/edit/", {"name": "王玫", "tags": "", "note": ""})
    assert FieldChange.objects.get(new="王梅").reference == "GD20261122001"
    page = text(manager.get("/customers/changes/"))
    assert "王玫" in page and "GD20261122001" not in page
    line = FieldChange.objects.get(new="王玫")
    manager.post(f"/customers/changes/{line.pk}/seen", {"verdict": "核实无误"})
    assert "没有需要核查的修改" in text(manager.get("/customers/changes/"))
    assert agent.get("/customers/changes/").status_code == 403


def test_a_merged_record_leads_to_the_one_that_stands(now):
    kept, gone = made(), made("王", "13900139000")
    boss = as_("2001", "TSRL")
    page = text(boss.get(f"/customers/merge/{kept.pk}/{gone.pk}/"))
    assert "138****8000" in page and "139****9000" in page
    boss.post(f"/customers/merge/{kept.pk}/{gone.pk}/", {"name": "gone"})
    assert boss.get(f"/customers/{gone.pk}/").headers["Location"] == f"/customers/{kept.pk}/"
    again = boss.post(f"/customers/merge/{kept.pk}/{gone.pk}/", {"name": "gone"}, follow=True)
    assert Merge.objects.count() == 1 and "已被合并" in text(again)
    boss.post(f"/customers/merges/{Merge.objects.get().pk}/undo")
    gone.refresh_from_db()
    assert gone.merged_into is None
    assert as_("1001", "TSR").post(f"/customers/merge/{kept.pk}/{gone.pk}/").status_code == 403


@pytest.mark.clause("CUS-016")
def test_the_same_person_twice_is_found_by_name_and_address_and_by_document(now, django_assert_max_num_queries):
    first, second = made(), made("王女士", "13900139000")
    for one in (first, second):
        services.add_address(one, {"city": "青岛市", "line": "香港路8号"}, by=None, now=now)
    made("李", "13700137000", identity="X1"), made("李四", "13700137001", identity="x1 ")
    boss = as_("2001", "TSRL")
    boss.get("/customers/twins/")
    with django_assert_max_num_queries(14):
        page = text(boss.get("/customers/twins/"))
    assert f"/customers/merge/{first.pk}/{second.pk}/" in page and "证件相同" in page


def test_nobody_belongs_to_himself(now):
    wang = made()
    answer = as_("1001", "TSR").post(f"/customers/{wang.pk}/edit/", {"name": "王女士", "parent": wang.pk})
    assert answer.status_code == 422 and "自己" in text(answer)


def test_a_household_and_a_consent_are_written_down_on_the_page(now):
    home, wang = made("王家", "0532-88888888", kind="household"), made()
    agent = as_("1001", "TSR")
    agent.post(f"/customers/{wang.pk}/edit/", {"name": "王女士", "tags": "", "note": "", "parent": home.pk})
    agent.post(
        f"/customers/{wang.pk}/consent",
        {"channel": "call", "given": "yes", "proof_kind": "recording", "proof": "通话 77"},
    )
    wang.refresh_from_db()
    assert wang.parent == home and selectors.may_call("13800138000", now, purpose="offers").outcome == "allowed"
    assert "王女士" in text(agent.get(f"/customers/{home.pk}/"))


def test_a_number_is_barred_by_an_agent_and_lifted_by_a_leader_only():
    agent, boss = as_("1001", "TSR"), as_("2001", "TSRL")
    refused = agent.post("/customers/do-not-call/add", {"number": "1.38E+10", "scope": "offers", "reason": "不想接"})
    assert refused.status_code == 422 and "不想接" in text(refused)
    agent.post(
        "/customers/do-not-call/add",
        {"number": "138 0013 8000", "scope": "offers", "source": "customer", "reason": "忙"},
    )
    entry = DoNotCall.objects.get()
    assert agent.post(f"/customers/do-not-call/{entry.pk}/lift", {"why": "x"}).status_code == 403
    assert "138****8000" in text(boss.get("/customers/do-not-call/"))
    assert "138****8000" in text(agent.get("/customers/do-not-call/?q=13800138000"))
    assert "138****8000" not in text(agent.get("/customers/do-not-call/"))
    boss.post(f"/customers/do-not-call/{entry.pk}/lift", {"why": "本人要求恢复"})
    entry.refresh_from_db()
    assert entry.lifted_why == "本人要求恢复"


def test_filters_are_kept_under_a_name_and_belong_to_one_person():
    boss, other = as_("2001", "TSRL"), as_("2002", "TSRL")
    boss.post("/customers/filters/keep", {"name": "重要客户", "query": "grade=vip&page=3&evil=1"})
    assert 'href="?grade=vip"' in text(boss.get("/customers/"))
    assert 'href="?grade=vip"' not in text(other.get("/customers/"))


def test_customers_are_found_by_a_chinese_tag_and_by_the_filters(now):
    made("甲", "13800138001", tags=["常退货"], grade="vip"), made("乙", "13800138002", tags=["会员"])
    boss = as_("2001", "TSRL")
    page = text(boss.get("/customers/?q=退货"))
    assert "甲" in page and ">乙<" not in page
    assert ">乙<" not in text(boss.get("/customers/?grade=vip"))


@pytest.mark.clause("CUS-002")
def test_many_are_changed_at_once_only_after_approval(now):
    from zuoxi.approvals.kinds import Draft
    from zuoxi.approvals.models import Request
    from zuoxi.customers.requests import CODE, approved, route

    ids = [made("甲", "13800138001").pk, made("乙", "13800138002").pk]
    asker = make.user("2001", "TSRS").staff_member
    data = {"customers": ",".join(map(str, ids)), "field": "tag", "value": "停播告知", "reason": "频道调整"}
    many = route(Draft(CODE, asker, data, now), timezone.localdate())
    one = route(Draft(CODE, asker, {**data, "customers": str(ids[0])}, now), timezone.localdate())
    assert many.words == ("MANAGER",) and one.words == ()
    asked = Request.objects.create(
        number="20261122-001", kind=CODE, applicant=asker, data=data, finding=many.finding.as_json(), submitted_at=now
    )
    assert not FieldChange.objects.exists()
    approved(asked)
    assert [one.tags for one in Customer.objects.order_by("pk")] == [["停播告知"], ["停播告知"]]
    assert set(FieldChange.objects.values_list("reference", flat=True)) == {"20261122-001"}


def test_whoever_finds_nobody_to_sign_is_told_and_nothing_changes():
    one = made()
    boss = as_("2001", "TSRS")
    form = {"customer": [one.pk, made("乙", "13800138002").pk], "field": "tag", "value": "x", "reason": "y"}
    told = boss.post("/customers/change-many", form, follow=True)
    assert "签批" in next(str(said) for said in told.context["messages"]) and not FieldChange.objects.exists()


def test_own_customers_are_seen_by_the_seller_and_his_leader_where_the_pack_says_so(settings, monkeypatch):
    from zuoxi.customers import visibility

    mine = make.user("1001", "TSR").staff_member
    other = make.user("1002", "TSR").staff_member
    made("甲", "13800138001", seller=mine), made("乙", "13800138002", seller=other), made("丙", "13800138003")
    names = lambda user: set(visibility.visible_customers(user).values_list("name", flat=True))  # noqa: E731
    assert names(mine.user) == {"甲", "乙", "丙"}
    from zuoxi.policy.handbook import handbook_of

    monkeypatch.setattr(visibility, "site_handbook", lambda: handbook_of("telesales"))
    assert names(mine.user) == {"甲", "丙"} and names(other.user) == {"乙", "丙"}
    assert [selectors.offered(name, 8, mine.user) != [] for name in "甲乙丙"] == [True, False, True]
    assert names(make.user("9001", "DIR")) == {"甲", "乙", "丙"}


class TestImport:
    FILE = (
        "客户姓名,手机,详细地址,备注,等级\r\n"
        "王女士,１３８００１３８０００,青岛市香港路8号,=1+1,\r\n"
        "李先生,1.38E+10,,,\r\n"
        "赵先生,0532-88888888转801,,,重要客户\r\n"
        "王女士,+86 138 0013 8000,,又一次,\r\n"
        "钱,13700137000,,,钻石\r\n"
    )

    def upload(self, client, policy="skip", encoding="gb18030"):
        file = SimpleUploadedFile("名单.csv", self.FILE.encode(encoding))
        answer = client.post("/customers/imports/", {"file": file, "policy": policy})
        assert answer.status_code == 302, text(answer)
        return CustomerImport.objects.latest("pk"), answer.headers["Location"]

    def run(self, batch, client):
        client.post(f"/customers/imports/{batch.pk}/run")
        job = Job.objects.latest("pk")
        job.state, job.worker, job.attempts = "running", "here", 1
        job.lease_until = timezone.now() + timedelta(minutes=5)
        job.save()
        task = registry.task_named(job.task)
        result = task.work(Run(job, task), **job.arguments)
        batch.refresh_from_db()
        return result

    def test_a_list_is_looked_at_before_anything_is_taken(self):
        boss = as_("2001", "OM")
        _batch, address = self.upload(boss)
        page = text(boss.get(address))
        assert "客户姓名" in page and "1.38E+10" in page and "钻石" in page and not Customer.objects.exists()

    def test_good_lines_come_in_and_the_others_are_fetched_with_the_reason(self):
        boss = as_("2001", "OM")
        batch, _address = self.upload(boss)
        result = self.run(batch, boss)
        assert result == {"made": 2, "filled": 0, "skipped": 1, "refused": 2} and batch.state == "done"
        wang = selectors.found_by("13800138000")
        assert wang.note == "=1+1" and str(wang.addresses.get()) == "青岛市香港路8号"
        assert Customer.objects.get(name="赵先生").numbers.get().extension == "801"
        rejects = b"".join(boss.get(f"/customers/imports/{batch.pk}/rejects.csv").streaming_content).decode()
        assert "1.38E+10" in rejects and "钻石" in rejects and "王女士" not in rejects

    def test_the_refused_lines_stand_under_the_headings_of_the_file_whatever_order_the_database_keeps(self):
        """PostgreSQL keeps the keys of JSON by length; a heading may be empty too."""
        boss = as_("2001", "OM")
        file = SimpleUploadedFile("x.csv", "客户姓名,,手机\n王女士,x,abc\n".encode())
        boss.post("/customers/imports/", {"file": file, "policy": "skip"})
        batch = CustomerImport.objects.get()
        batch.mapping = dict(sorted(batch.mapping.items(), key=lambda one: len(one[0])))
        batch.save()
        self.run(batch, boss)
        rejects = b"".join(boss.get(f"/customers/imports/{batch.pk}/rejects.csv").streaming_content).decode()
        head, line = rejects.lstrip("\ufeff").splitlines()[:2]
        assert head.split(",")[:3] == ["客户姓名", "[B]", "手机"] and line.startswith("王女士,x,abc,2")

    def test_a_cell_that_begins_like_a_formula_is_safe_where_it_leaves(self):
        self_made = SimpleUploadedFile("x.csv", "姓名,手机\n=HYPERLINK(1),abc\n".encode())
        boss = as_("2001", "OM")
        boss.post("/customers/imports/", {"file": self_made, "policy": "skip"})
        batch = CustomerImport.objects.get()
        self.run(batch, boss)
        rejects = b"".join(boss.get(f"/customers/imports/{batch.pk}/rejects.csv").streaming_content).decode()
        assert "'=HYPERLINK" in rejects

    def test_the_same_list_again_changes_nothing(self):
        boss = as_("2001", "OM")
        self.run(self.upload(boss)[0], boss)
        again, _address = self.upload(boss, encoding="utf-8-sig")
        assert self.run(again, boss) == {"made": 0, "filled": 0, "skipped": 3, "refused": 2}
        assert Customer.objects.count() == 2

    def test_what_is_missing_is_filled_in_and_leaves_its_line(self):
        made("", "13800138000", note="有狗")
        boss = as_("2001", "OM")
        self.run(self.upload(boss, policy="fill")[0], boss)
        wang = selectors.found_by("13800138000")
        assert (wang.name, wang.note) == ("王女士", "有狗") and not wang.unknown
        assert wang.changes.get(field="name").reference_kind == "import"

    def test_a_run_that_broke_off_goes_on_behind_what_is_in(self, monkeypatch):
        from zuoxi.customers import importing

        monkeypatch.setattr(importing, "PIECE", 2)
        boss = as_("2001", "OM")
        batch, _address = self.upload(boss)
        table = importing.open_table(self.FILE.encode("gb18030"), batch.mapping)

        def breaks(done, total):
            raise RuntimeError("the power went")

        with pytest.raises(RuntimeError):
            importing.take(batch, table, timezone.now(), breaks, None)
        batch.refresh_from_db()
        assert (batch.done, batch.made, batch.refused) == (2, 1, 1)
        self.run(batch, boss)
        assert (batch.made, batch.skipped, batch.refused) == (2, 1, 2) and Customer.objects.count() == 2

    def test_an_import_that_failed_can_be_run_again(self, monkeypatch):
        from zuoxi.customers import importing

        boss = as_("2001", "OM")
        batch, _address = self.upload(boss)
        with monkeypatch.context() as broken:
            broken.setattr(importing, "_holders", lambda rows: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                self.run(batch, boss)
        batch.refresh_from_db()
        assert batch.state == "failed"
        Job.objects.all().delete()
        assert self.run(batch, boss)["made"] == 2 and batch.state == "done"

    @pytest.mark.parametrize("end", ["cancelled", "failed"])
    def test_an_import_whose_job_ended_before_it_began_can_be_gone_on_with(self, end):
        """A job that waits is stopped at once, one whose workers fell silent fails; neither asks its task."""
        boss = as_("2001", "OM")
        batch, address = self.upload(boss)
        boss.post(f"{address}run")
        assert f'{address}run"' not in text(boss.get(address))
        Job.objects.update(state=end)
        assert f'{address}run"' in text(boss.get(address))
        assert self.run(batch, boss)["made"] == 2 and batch.state == "done"

    def test_a_second_run_of_a_list_that_is_in_leaves_it_done(self):
        boss = as_("2001", "OM")
        batch, _address = self.upload(boss)
        self.run(batch, boss)
        task = registry.task_named("customers.import")
        assert task.work(Run(Job.objects.latest("pk"), task), batch=batch.pk)["made"] == 2
        batch.refresh_from_db()
        assert batch.state == "done"

    def test_two_headings_that_may_mean_one_column_are_told_apart_by_choice_and_one_is_passed_over(self):
        """电话 and 手机 are both a number; the file is taken, and what is left out stays out."""
        boss = as_("2001", "OM")
        file = SimpleUploadedFile("x.csv", "姓名,电话,手机,备注\n王,0532-88888888,13800138000,内部\n".encode())
        assert boss.post("/customers/imports/", {"file": file, "policy": "skip"}).status_code == 302
        batch = CustomerImport.objects.get()
        assert batch.mapping == {"姓名": "name", "电话": "number", "手机": "", "备注": "note"}
        chosen = {"column-0": "name", "column-1": "number2", "column-2": "number", "column-3": ""}
        boss.post(f"/customers/imports/{batch.pk}/columns", chosen)
        batch.refresh_from_db()
        self.run(batch, boss)
        taken = selectors.found_by("13800138000")
        assert taken.note == "" and selectors.found_by("053288888888") == taken

    def test_the_columns_are_remembered_for_the_next_list(self):
        boss = as_("2001", "OM")
        file = SimpleUploadedFile("x.csv", "称呼,号\n王,13800138000\n".encode())
        boss.post("/customers/imports/", {"file": file, "policy": "skip"})
        batch = CustomerImport.objects.get()
        boss.post(f"/customers/imports/{batch.pk}/columns", {"column-0": "name", "column-1": "number"})
        file.seek(0)
        boss.post("/customers/imports/", {"file": file, "policy": "skip"})
        assert CustomerImport.objects.latest("pk").mapping == {"称呼": "name", "号": "number"}

    def test_two_clicks_at_once_run_it_once(self):
        boss = as_("2001", "OM")
        batch, _address = self.upload(boss)
        boss.post(f"/customers/imports/{batch.pk}/run")
        boss.post(f"/customers/imports/{batch.pk}/run")
        assert Job.objects.filter(task="customers.import").count() == 1

    def test_a_file_that_is_none_is_refused_with_what_to_do(self):
        boss = as_("2001", "OM")
        file = SimpleUploadedFile("x.xlsx", b"PK\x03\x04 nonsense")
        answer = boss.post("/customers/imports/", {"file": file, "policy": "skip"})
        assert answer.status_code == 422 and "xlsx" in text(answer)


class TestRegisters:
    @pytest.mark.clause("CUS-025")
    @pytest.mark.parametrize(
        ("count", "before", "shown"), [(7615, 33109, "-77.0"), (702, 2160, "-67.5"), (5, 0, "None"), (0, 4, "-100.0")]
    )
    def test_year_on_year_to_one_place_and_none_without_a_base(self, count, before, shown):
        from zuoxi.customers.counting import change_in_percent

        assert str(change_in_percent(count, before)) == shown
        assert change_in_percent(count, before, comparable=False) is None

    @pytest.mark.clause("CUS-023")
    @pytest.mark.parametrize(
        ("part", "whole", "shown"),
        [(544, 939, "57.9"), (180, 544, "33.1"), (13, 180, "7.2"), (13, 544, "2.4"), (1, 0, "None")],
    )
    def test_a_funnel_shows_its_rates_and_none_of_nothing(self, part, whole, shown):
        from zuoxi.customers.counting import share_in_percent

        assert str(share_in_percent(part, whole)) == shown

    @pytest.mark.clause("CUS-022", "CUS-024", "CUS-025")
    def test_figures_open_their_entries_and_closed_days_are_not_compared(self, now):
        boss = as_("2001", "OM")
        today = timezone.localdate()
        form = {"kind": "centre.visitors", "place": "一楼", "on": today.isoformat(), "count": 12, "note": ""}
        boss.post("/customers/counts/add", form)
        boss.post("/customers/counts/add", {**form, "count": -2, "note": "多记"})
        boss.post("/customers/counts/add", {**form, "count": 0})
        assert [one.count for one in ServiceCount.objects.order_by("pk")] == [12, -2]
        ServiceCount.objects.create(
            kind="centre.visitors", place="一楼", on=today.replace(day=1) - timedelta(days=360), count=5, at=now
        )
        page = text(boss.get(f"/customers/counts/?when={today.year}"))
        assert ">10</a>" in page
        assert "多记" in text(boss.get(f"/customers/counts/entries/?when={today:%Y-%m}&kind=centre.visitors"))
        boss.post(
            "/customers/counts/close",
            {"place": "一楼", "first_on": today.isoformat(), "last_on": today.isoformat(), "why": "装修"},
        )
        assert "不可比" in text(boss.get(f"/customers/counts/?when={today.year}"))


def test_two_packages_tell_entries_of_one_kind_in_the_history(monkeypatch, now):
    """The follow-ups of campaigns and those after service are one kind; neither hides the other."""
    wang = made()
    monkeypatch.setattr(timeline, "_kinds", {})

    def first(*_):
        return [timeline.Entry(now, "follow_up", "营销回访")]

    def second(*_):
        return [timeline.Entry(now - timedelta(days=1), "follow_up", "售后回访")]

    timeline.provide("follow_up", first), timeline.provide("follow_up", second), timeline.provide("follow_up", first)
    page = text(as_("1001", "TSR").get(f"/customers/{wang.pk}/history/?only=follow_up"))
    assert page.count("营销回访") == 1 and "售后回访" in page


@pytest.mark.once
def test_every_kind_of_the_history_has_a_name():
    assert [kind for kind in timeline.kinds() if timeline.label_of(kind) == kind] == []


def test_panels_and_histories_of_packages_stand_on_the_page(monkeypatch, now):
    wang = made()
    panel = panels.Panel(
        "t", "面板", "customers/history_lines.html", lambda request, subject: {"entries": []}, "customers.view"
    )
    hidden = panels.Panel("h", "不该看见", "customers/history_lines.html", lambda *_: {"entries": []}, "jobs.all")
    monkeypatch.setattr(panels, "_panels", {"t": panel, "h": hidden})
    lines = [timeline.Entry(now - timedelta(days=day), "x", f"事{day}") for day in range(30)]

    def source(user, ids, numbers, before, limit):
        assert ids == (wang.pk,) and numbers == ("13800138000",)
        return [one for one in lines if before is None or one.at < before][:limit]

    monkeypatch.setattr(timeline, "_kinds", {})
    timeline.provide("x", source)
    agent = as_("1001", "TSR")
    page = text(agent.get(f"/customers/{wang.pk}/"))
    assert f"/customers/{wang.pk}/beside/" in page
    page = text(agent.get(f"/customers/{wang.pk}/beside/"))
    assert "面板" in page and "不该看见" not in page and "<main" in page
    page = text(agent.get(f"/customers/{wang.pk}/beside/", headers={"HX-Request": "true"}))
    assert "面板" in page and "<main" not in page
    page = text(agent.get(f"/customers/{wang.pk}/history/", headers={"HX-Request": "true"}))
    assert "事0" in page and "事19" in page and "事20" not in page and "<main" not in page
    older = page.split("/history/?before=")[1].split('"')[0].replace("&amp;", "&")
    older_page = text(agent.get(f"/customers/{wang.pk}/history/?before={older}"))
    assert "事20" in older_page and "<main" in older_page
