# SPDX-License-Identifier: Apache-2.0
"""What a forecast is made from: the ledger's days, and those of before from files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.telephony.selectors import QueueLoad
from zuoxi.vault.exports import csv_lines
from zuoxi.web.access import may
from zuoxi.web.tabular import Unreadable
from zuoxi.workforce import services
from zuoxi.workforce.demand.accuracy import latest_runs
from zuoxi.workforce.demand.history import kept_histories
from zuoxi.workforce.demand.history_file import MOST_BYTES, HistoryFile, read_history
from zuoxi.workforce.views.forecast import queue_name
from zuoxi.workforce.visibility import seen_queues

SHOWN = 50


@shows("SCH-001")
@may("workforce.forecast")
def history(request: HttpRequest) -> HttpResponse:
    """Each queue's past, and the form for a file of former days. A file with a mistake is not taken at all."""
    queues = seen_queues(request.user)
    context: dict[str, Any] = {"status": 200}
    if request.method == "POST":
        if not request.user.may("workforce.forecast.edit"):  # type: ignore[union-attr]
            raise Http404
        context = _taken(request, queues)
        if context["status"] == 200:
            return redirect("workforce:forecast_history")
    codes = [one.code for one in queues]
    kept, runs = kept_histories(codes), latest_runs(codes)
    context |= {
        "lines": [(one.code, queue_name(one), kept.get(one.code), runs.get(one.code)) for one in queues],
        "queues": [(one.code, queue_name(one)) for one in queues],
        "chosen": request.POST.get("queue", ""),
        "needed": "开始时间、来电量",
        "more": "队列、平均处理时长",
        "may_edit": request.user.may("workforce.forecast.edit"),  # type: ignore[union-attr]
    }
    return render(request, "workforce/forecast_history.html", context, status=context["status"])


def _taken(request: HttpRequest, queues: Sequence[QueueLoad]) -> dict[str, Any]:
    """Read the file and keep it, or what is wrong with it."""
    me, file = staff_of(request.user), request.FILES.get("file")
    if me is None:
        raise Http404
    names, chosen = _names(queues), request.POST.get("queue", "")
    now = timezone.now()
    try:
        if file is None:
            raise Unreadable(_("Choose a file."))
        read = read_history(
            file.read(MOST_BYTES + 1),
            names,
            chosen if chosen in {one.code for one in queues} else "",
            timezone.localtime(now).replace(tzinfo=None),
        )
        if not read.problems and not read.days:
            raise Unreadable(_("The file holds no count of calls."))
    except Unreadable as wrong:
        return {"wrong": wrong.message, "status": 422}
    if read.problems:
        return {"read": read, "problems": read.problems[:SHOWN], "status": 422}
    _tell(request, read, *services.keep_history(read.days, source=file.name or "", by=me, now=now))
    return {"status": 200}


def _names(queues: Sequence[QueueLoad]) -> dict[str, str]:
    """What a file may call a queue → its code; a name that two have is none."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in queues:
        for word in filter(None, (one.name_zh, one.name_en)):
            found[word.casefold()].add(one.code)
    alone = {word: next(iter(codes)) for word, codes in found.items() if len(codes) == 1}
    return alone | {one.code.casefold(): one.code for one in queues}


def _tell(request: HttpRequest, read: HistoryFile, days: int, replaced: int) -> None:
    said = ngettext(
        "%(count)s day of a queue with %(calls)s calls was taken in.",
        "%(count)s days of queues with %(calls)s calls were taken in.",
        days,
    ) % {"count": days, "calls": f"{read.calls:,.0f}"}
    if replaced:
        said += " " + _("Replaced, for they were there from a file: %(count)s.") % {"count": replaced}
    messages.success(request, said + " " + _("Forecast anew so that they count."))


@require_POST
@may("workforce.forecast.edit")
def drop(request: HttpRequest, queue: str) -> HttpResponse:
    """Take what files told of a queue out again."""
    me = staff_of(request.user)
    if me is None or queue not in {one.code for one in seen_queues(request.user)}:
        raise Http404(queue)
    count = services.drop_history(queue, by=me, now=timezone.now())
    if count:
        messages.success(request, _("Days taken out: %(count)s. Forecast anew so that it counts.") % {"count": count})
    else:
        messages.info(request, _("There was nothing from files any more."))
    return redirect("workforce:forecast_history")


@may("workforce.forecast")
def example(request: HttpRequest) -> HttpResponse:
    """A file as it may look, with the first queue and two half hours of yesterday."""
    queues = seen_queues(request.user)
    name = queue_name(queues[0]) if queues else "—"
    nine = datetime.combine(timezone.localdate() - timedelta(days=1), time(9))
    rows = [
        (name, f"{nine + timedelta(minutes=30 * step):%Y-%m-%d %H:%M}", calls, 210)
        for step, calls in enumerate((42, 57))
    ]
    text = "".join(csv_lines(("队列", "开始时间", "来电量", "平均处理时长"), rows))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="history.csv"'
    return answer
