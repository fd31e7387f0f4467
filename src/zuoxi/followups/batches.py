# SPDX-License-Identifier: Apache-2.0
"""Lists of follow-ups: handed out with a day to bring them back, collected, returned to the pool when that is past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals import services as approvals
from zuoxi.followups.making import reading_at
from zuoxi.followups.models import Batch, FollowUpTask
from zuoxi.followups.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

State = FollowUpTask.State


def usual_deadline(now: datetime) -> datetime:
    """The end of work after so many working days, as the handbook says."""
    reading = reading_at(now)
    day = calendar_of(site_handbook()).add_working_days(
        reading.local(now).date(), reading.whole("followup.collect_days")
    )
    return datetime.combine(day, time(18), reading.zone)


@enforces("FUP-005")
@transaction.atomic
def hand_out(
    name: str,
    kind: str,
    people: Sequence[Staff],
    count: int,
    *,
    collect_by: datetime,
    by: Staff,
    now: datetime,
) -> Batch:
    """Give the most urgent `count` follow-ups of a kind from the pool to these people, in turn. Raises Refused where
    the pool is empty, nobody is chosen or the day has passed."""
    if not people:
        raise Refused(_("Choose who is to call."))
    if collect_by <= now:
        raise Refused(_("The list must be brought back at a time that lies ahead."))
    pool = FollowUpTask.objects.select_for_update(of=("self",), skip_locked=False).filter(
        kind=kind, state=State.OPEN, assignee=None
    )
    rows = list(pool.order_by("due_by", "pk")[: max(count, 0)])
    if not rows:
        raise Refused(_("There is nothing of this kind to be handed out."))
    batch = Batch.objects.create(
        name=name.strip()[:80] or kind,
        kind=kind,
        handed_out_by=by,
        handed_out_at=now,
        collect_by=collect_by,
        size=len(rows),
    )
    for index, task in enumerate(rows):
        task.assignee, task.batch = people[index % len(people)], batch
    FollowUpTask.objects.bulk_update(rows, ["assignee", "batch"])
    _tell(batch, rows)
    vault.record("followups.batch.handed_out", who=by.code, on=("batch", batch.pk), size=len(rows))
    return batch


def _tell(batch: Batch, rows: Sequence[FollowUpTask]) -> None:
    counts: dict[int, int] = {}
    people = {}
    for task in rows:
        if task.assignee is not None:
            counts[task.assignee.pk] = counts.get(task.assignee.pk, 0) + 1
            people[task.assignee.pk] = task.assignee
    for pk, staff in people.items():
        said = gettext_lazy("%(count)s follow-ups for you: %(name)s.")
        text = approvals.Sentence(said, count=counts[pk], name=batch.name)
        approvals.notify(staff, text, "/followups/", dedupe=f"followup-batch:{batch.pk}")


@enforces("FUP-005")
@transaction.atomic
def collect(batch: Batch, summary: str, needs: str, *, by: Staff | None, now: datetime) -> Batch:
    """Bring the list back: what was not called goes to the pool; the supervisor writes what came of it (a person must,
    the program at the deadline does not)."""
    here = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if here.state == Batch.State.COLLECTED:
        raise Refused(_("This list has been brought back already. Nothing was changed."))
    if by is not None and len(summary.strip()) < 2:
        raise Refused(_("Sum up what the follow-ups brought."))
    left = FollowUpTask.objects.filter(batch=here, state=State.OPEN)
    here.returned = left.update(assignee=None, batch=None)
    here.state, here.collected_at = Batch.State.COLLECTED, now
    here.summary, here.needs = summary.strip(), needs.strip()
    here.save()
    if by is not None:
        vault.record("followups.batch.collected", who=by.code, on=("batch", here.pk), returned=here.returned)
    return here


@enforces("FUP-005")
@transaction.atomic
def sum_up(batch: Batch, summary: str, needs: str, *, by: Staff) -> Batch:
    """Write the summary of a list that the deadline brought back."""
    if len(summary.strip()) < 2:
        raise Refused(_("Sum up what the follow-ups brought."))
    here = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    here.summary, here.needs = summary.strip(), needs.strip()
    here.save(update_fields=["summary", "needs"])
    vault.record("followups.batch.collected", who=by.code, on=("batch", here.pk), returned=here.returned)
    return here


def return_overdue(now: datetime) -> dict[str, int]:
    """Bring every list back whose time is over; who handed it out is told how many calls are left."""
    lists = tasks = 0
    for batch in Batch.objects.filter(state=Batch.State.OPEN, collect_by__lt=now).select_related("handed_out_by"):
        try:
            done = collect(batch, "", "", by=None, now=now)
        except Refused:
            continue
        lists, tasks = lists + 1, tasks + done.returned
        text = approvals.Sentence(
            gettext_lazy("The time of the list %(name)s is over: %(count)s follow-ups went back to the pool."),
            name=batch.name,
            count=done.returned,
        )
        approvals.notify(batch.handed_out_by, text, f"/followups/batches/{batch.pk}/", dedupe=f"batch-over:{batch.pk}")
    return {"lists": lists, "tasks": tasks}


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A list with its counts: `due` to be called, `done` answered, `over` closed in any way."""

    batch: Batch
    due: int
    done: int
    over: int

    @property
    def rate(self) -> float | None:
        return self.done / self.due if self.due else None


def lines_of(batches: Sequence[Batch]) -> list[BatchLine]:
    """Counts of these lists; one query. Wrong numbers do not count as to be called."""
    bad = Q(tasks__tries__outcome="wrong_number", tasks__state="not_reached")
    rows = (
        Batch.objects.filter(pk__in=[one.pk for one in batches])
        .annotate(
            done=Count("tasks", filter=Q(tasks__state="done"), distinct=True),
            over=Count("tasks", filter=~Q(tasks__state__in=("open", "booked")) & Q(tasks__isnull=False), distinct=True),
            wrong=Count("tasks", filter=bad, distinct=True),
        )
        .values_list("pk", "done", "over", "wrong")
    )
    counts = {pk: (done, over, wrong) for pk, done, over, wrong in rows}
    found = []
    for one in batches:
        done, over, wrong = counts.get(one.pk, (0, 0, 0))
        found.append(BatchLine(one, max(one.size - wrong, 0), done, over))
    return found


__all__ = ["BatchLine", "collect", "hand_out", "lines_of", "return_overdue", "sum_up", "usual_deadline"]
