# SPDX-License-Identifier: Apache-2.0
"""Files of orders: looked at, taken in the background, stopped and gone on with."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zuoxi.jobs import registry
from zuoxi.jobs.models import Job
from zuoxi.jobs.running import Cancelled, LeaseLost, Run, Stopping
from zuoxi.orders import batches
from zuoxi.orders.models import Order, OrderImport, Stock
from zuoxi.orders.tests.test_pages import sign_in
from zuoxi.vault import import_shelf

HEAD = "外部单号,电话,姓名,地址,货号,数量,单价"
PLACE = "某省某市某区某路三号楼"


def lines(count, first=1, sku="G2"):
    numbers = range(first, first + count)
    return [f"W{nth},139{nth:08},云{nth},{PLACE},{sku},1,90" for nth in numbers]


def chosen(client, world, rows, code="om"):
    content = "\n".join([HEAD, *rows]).encode("gb18030")
    answer = sign_in(client, world, code).post(reverse("orders:import"), {"file": SimpleUploadedFile("o.csv", content)})
    assert answer.status_code == 302, answer.content[:300]
    return OrderImport.objects.latest("pk")


def run_it(client, batch, progress=None):
    client.post(reverse("orders:import_run", args=[batch.pk]))
    job = Job.objects.latest("pk")
    run = Run(job, registry.task_named("orders.import"))
    run.progress = progress or (lambda *_told, **_more: None)
    try:
        registry.task_named("orders.import").work(run, batch=batch.pk)
    finally:
        batch.refresh_from_db()


def page_of(client, batch):
    return client.get(reverse("orders:import_one", args=[batch.pk]))


def test_a_file_is_looked_at_before_anything_is_taken(client, world):
    rows = [f"W1,13900000021,云丙,{PLACE},G2,2,90", "W2,1.38E+10,云丁,某地,G2,0,"]
    batch = chosen(client, world, rows)
    looked = page_of(client, batch).context["looked"]
    assert (len(looked.ready), len(looked.problems)) == (1, 2)
    assert not Order.objects.filter(source="import").exists()
    run_it(client, batch)
    assert Order.objects.get(foreign="W1").total == Decimal(180)
    assert (batch.state, batch.made, batch.done, batch.total) == ("done", 1, 1, 1)
    assert [(one.line, one.column) for one in batch.rejects.all()] == [(3, "数量"), (3, "电话")]


def test_a_quantity_of_thousands_of_digits_is_a_wrong_cell(client, world):
    batch = chosen(client, world, [f"W3,13900000022,云戊,{PLACE},G2,{'9' * 5000},"])
    assert [one.column for one in page_of(client, batch).context["looked"].problems] == ["数量"]


def test_a_run_that_is_stopped_keeps_what_is_in_and_goes_on_from_there(client, world, monkeypatch):
    monkeypatch.setattr(batches, "PIECE", 2)
    batch = chosen(client, world, lines(5))
    heard = []

    def stop(done, total):
        heard.append((done, total))
        if done >= 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        run_it(client, batch, stop)
    assert (batch.state, batch.made, Order.objects.filter(source="import").count()) == ("cancelled", 2, 2)
    run_it(client, batch)
    assert (batch.state, batch.made, batch.done, batch.total) == ("done", 5, 5, 5)
    assert heard == [(2, 5)]
    assert Order.objects.filter(source="import").count() == 5


def test_an_order_that_is_refused_leaves_the_others_alone_and_is_told(client, world):
    Stock.objects.filter(product=world.pan).update(on_hand=1)
    batch = chosen(client, world, lines(3))
    run_it(client, batch)
    assert (batch.made, batch.rejects.count()) == (1, 2)
    sheet = b"".join(client.get(reverse("orders:import_rejects", args=[batch.pk])).streaming_content).decode()
    assert "W2" in sheet
    assert "W1" not in sheet


def test_a_cell_that_a_spreadsheet_would_compute_goes_out_as_text(client, world):
    batch = chosen(client, world, ["=1+1,13900000021,云丙,某省某市某区某路三号楼,G99,1,90"])
    batch.rejects.create(line=9, foreign="=1+1", why="x")
    sheet = b"".join(client.get(reverse("orders:import_rejects", args=[batch.pk])).streaming_content).decode()
    assert "'=1+1" in sheet


def test_the_same_file_twice_takes_every_order_once(client, world):
    for _turn in (1, 2):
        batch = chosen(client, world, lines(3))
        run_it(client, batch)
    assert (batch.made, batch.known) == (0, 3)
    assert Order.objects.filter(source="import").count() == 3


def test_two_clicks_begin_one_run(client, world):
    batch = chosen(client, world, lines(1))
    for _click in (1, 2):
        client.post(reverse("orders:import_run", args=[batch.pk]))
    assert Job.objects.filter(task="orders.import").count() == 1


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_a_run_whose_job_ended_before_it_began_can_be_gone_on_with(client, world, end):
    """A job that waits is stopped at once, one whose workers fell silent fails; neither asks its task."""
    batch = chosen(client, world, lines(2))
    client.post(reverse("orders:import_run", args=[batch.pk]))
    assert not page_of(client, batch).context["went_wrong"]
    Job.objects.update(state=end)
    assert page_of(client, batch).context["went_wrong"]
    run_it(client, batch)
    assert (batch.state, batch.made) == ("done", 2)


@pytest.mark.parametrize("why", [Stopping, LeaseLost])
def test_a_run_that_another_worker_goes_on_with_is_not_told_to_have_failed(client, world, why):
    batch = chosen(client, world, lines(1))

    def stop(*_told):
        raise why

    with pytest.raises(why):
        run_it(client, batch, stop)
    assert batch.state == "running"


def test_a_second_run_of_a_file_that_is_in_leaves_it_done(client, world):
    batch = chosen(client, world, lines(1))
    run_it(client, batch)
    run_it(client, batch)
    assert (batch.state, batch.made) == ("done", 1)


def test_who_would_go_on_with_a_file_that_is_gone_is_told_to_choose_it_again(client, world):
    batch = chosen(client, world, lines(1))
    OrderImport.objects.update(state="cancelled")
    import_shelf.drop(batch.token)
    shown = page_of(client, batch).context
    assert (shown["gone"], shown["went_wrong"]) == (True, False)


def test_somebody_elses_file_is_not_there(client, world):
    batch = chosen(client, world, lines(1), "tsrs")
    assert page_of(sign_in(client, world, "csrs"), batch).status_code == 404
    seen_by_manager = page_of(sign_in(client, world, "om"), batch)
    assert seen_by_manager.status_code == 200
    assert len(seen_by_manager.context["looked"].ready) == 1  # kept for its owner, and not told to be gone


def test_a_file_that_is_no_table_is_refused_as_a_whole(client, world):
    answer = sign_in(client, world, "om").post(
        reverse("orders:import"), {"file": SimpleUploadedFile("o.csv", b"\x00\x01")}
    )
    assert answer.status_code == 422
    assert not OrderImport.objects.exists()
