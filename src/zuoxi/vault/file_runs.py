# SPDX-License-Identifier: Apache-2.0
"""A file on its way in, as it is let run, stopped and gone on with: the same for customers and for orders.

Such a file's row has a `state` (one of the words below), its `job`, the `token` of the sealed file, whose it is (`by`)
and `ended_at`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from zuoxi.jobs.running import Cancelled, GiveUp, LeaseLost, Stopping
from zuoxi.jobs.selectors import broken_off
from zuoxi.jobs.services import enqueue
from zuoxi.vault import import_shelf
from zuoxi.vault.services import record

CHECKED, RUNNING, DONE, CANCELLED, FAILED = "checked", "running", "done", "cancelled", "failed"
WAITS: Final = (CHECKED, CANCELLED, FAILED)
"""States in which it can be begun, or gone on with."""


Run = TypeVar("Run", bound=Model)


@transaction.atomic
def let_run(model: type[Model], pk: int, task: str, *, user: int, who: str) -> bool:
    """Let the work of that name take the file in the background; False when it runs or ran already (two clicks)."""
    rows = model._default_manager.filter(pk=pk)
    waits = Q(state__in=WAITS)
    for gone in broken_off(rows.values_list("job", flat=True)):
        waits |= Q(state=RUNNING, job=gone)
    if not rows.filter(waits).update(state=RUNNING, ended_at=None):
        return False
    job = enqueue(task, key=f"{task}:{pk}", by=user, batch=pk)
    rows.update(job=job.pk)
    record(f"{task}.begun", who=who, on=(task, pk))
    return True


def as_they_stand(runs: Iterable[Run]) -> list[Run]:
    """Those files; one whose work was stopped before it began, or fell silent for good, says so and can be gone on
    with. Nothing is saved."""
    found = list(runs)
    running: list[Any] = [one for one in found if getattr(one, "state", "") == RUNNING]
    ended = broken_off(one.job for one in running)
    for one in running:
        one.state = ended.get(one.job or 0, one.state)
    return found


@contextmanager
def under_way(model: type[Model], run: Any) -> Iterator[bytes]:
    """The file's content while it is taken; how that ends is written down. Raises GiveUp where it is no longer kept."""
    rows = model._default_manager.filter(pk=run.pk)

    def end(state: str) -> None:
        rows.update(state=state, ended_at=timezone.now())

    content = import_shelf.find(run.token, run.by_id)
    if content is None:
        end(FAILED)
        raise GiveUp("the file is no longer kept; choose it again, what was taken is skipped")
    rows.update(state=RUNNING, ended_at=None)
    try:
        yield content
    except Cancelled:
        end(CANCELLED)
        raise
    except (Stopping, LeaseLost):  # another worker goes on with it
        raise
    except Exception:  # it is tried again by itself, and afterwards by hand; neither may find it "running" for ever
        end(FAILED)
        raise
    end(DONE)
    import_shelf.drop(run.token)
