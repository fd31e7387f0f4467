# SPDX-License-Identifier: Apache-2.0
"""Pages of the service figures: by domain and period, beside last year and the target; every number opens its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, pgettext_lazy

from zuoxi.policy.marks import shows
from zuoxi.reporting import access, exporting, service_figures, spans, sparklines
from zuoxi.reporting.service_figures import Group, Line
from zuoxi.reporting.spans import Span
from zuoxi.vault import exports
from zuoxi.vault.handing_out import handed_out
from zuoxi.vault.services import record_request
from zuoxi.web import figures as declared
from zuoxi.web import measures as written
from zuoxi.web.access import may
from zuoxi.web.figures import Source

KIND_NAMES: Final = {
    "day": pgettext_lazy("period", "Day"),
    "week": pgettext_lazy("period", "Week"),
    "month": pgettext_lazy("period", "Month"),
    "quarter": pgettext_lazy("period", "Quarter"),
    "year": pgettext_lazy("period", "Year"),
}
_OLDEST = date(2000, 1, 1)


def _span(request: HttpRequest) -> Span:
    """The period asked for: this month where nothing readable is asked."""
    kind = request.GET.get("period", "month")
    today = timezone.localdate()
    try:
        day = parse_date(request.GET.get("day", "")) or today
    except ValueError:
        day = today
    return spans.span_at(kind if kind in spans.KINDS else "month", max(_OLDEST, min(day, today)))


@shows("CMP-001", "CMP-002", "CMP-012")
@may(access.SERVICE.code)
def service_figures_page(request: HttpRequest, domain: str = "") -> HttpResponseBase:
    """One domain's figures in a period; as a page, CSV or Excel."""
    known = service_figures.sources_for(request.user)
    source = next((one for one in known if one.code == domain), known[0] if known else None)
    if source is None:
        return render(request, "reporting/service_figures.html", {"source": None, "tabs": []})
    span, by = _span(request), request.GET.get("by", "")
    by = by if by in source.groups else ""
    lines = service_figures.lines_of(source, request.user, span)
    groups = service_figures.groups_of(source, request.user, span, by) if by else []
    if (form := request.GET.get("format")) in exporting.FORMS:
        return _file(request, source, span, (by, groups) if by else (by, lines), str(form))
    return render(request, "reporting/service_figures.html", _context(request, source, span, by, lines, groups))


def _context(request: HttpRequest, source: Source, span: Span, by: str, *shown: Sequence[Any]) -> dict[str, Any]:
    lines, groups = shown
    today = timezone.localdate()
    query = {"period": span.kind, "day": span.first.isoformat()} | ({"by": by} if by else {})
    later = span.stepped(1)
    return {
        "source": source,
        "tabs": [
            {
                "label": one.name,
                "url": f"{reverse('reporting:service_figures_of', args=[one.code])}?"
                + urlencode({"period": span.kind, "day": span.first.isoformat()}),
                "current": one.code == source.code,
            }
            for one in service_figures.sources_for(request.user)
        ],
        "span": span,
        "kinds": [(kind, name, kind == span.kind) for kind, name in KIND_NAMES.items()],
        "earlier": urlencode(query | {"day": span.stepped(-1).first.isoformat()}),
        "later": urlencode(query | {"day": later.first.isoformat()}) if later.first <= today else "",
        "rest": urlencode(query),
        "by": by,
        "groupings": [(one, service_figures.group_label(source, one), one == by) for one in source.groups],
        "lines": [(one, _facts(one, span)) for one in lines],
        "groups": groups,
        "heads": [one.figure for one in lines],
        "running": span.end > today,
        "may_export": exports.may_export(request.user.roles),  # type: ignore[union-attr]
    }


def _facts(line: Line, span: Span) -> dict[str, Any]:
    """What stands beside a value, as words."""
    figure = line.figure
    below = "" if line.below is None else f"{_plain(line.above)} ÷ {_plain(line.below)}"
    return {
        "unit": service_figures.unit_word(figure),
        "parts": below,
        "aim": service_figures.text_of(figure, line.aim.value) if line.aim else "",
        "before": service_figures.text_of(figure, line.before),
        "change": _change(line.change),
        "change_tone": _tone(line.change, figure.more_is_better),
        "last_year": service_figures.text_of(figure, line.last_year),
        "yearly": _change(line.yearly),
        "yearly_tone": _tone(line.yearly, figure.more_is_better),
        "year_label": span.year_before().label,
        "spark": sparklines.sparkline(line.run, line.aim.value if line.aim else None),
    }


def _plain(value: Decimal | None) -> str:
    return written.number_text(value, 0 if value is None or value == value.to_integral_value() else 1)


def _change(ratio: Decimal | None) -> str:
    if ratio is None:
        return written.UNKNOWN
    return f"{'+' if ratio > 0 else ''}{written.percent_text(ratio)}"


def _tone(ratio: Decimal | None, more_is_better: bool | None) -> str:
    if ratio is None or ratio == 0 or more_is_better is None:
        return ""
    return "good" if (ratio > 0) == more_is_better else "bad"


@may(access.SERVICE.code)
def service_definitions(request: HttpRequest) -> HttpResponse:
    """Every declared figure with its formula, version, target and clauses."""
    today = timezone.localdate()
    found = [
        (source, [(one, service_figures.aim_of(one, today)) for one in declared.figures_of(source)])
        for source in service_figures.sources_for(request.user)
    ]
    return render(request, "reporting/service_definitions.html", {"sources": found})


_HEAD = (
    gettext_lazy("Figure"),
    pgettext_lazy("figures", "Value"),
    gettext_lazy("Numerator"),
    gettext_lazy("Denominator"),
    gettext_lazy("Target"),
    gettext_lazy("Period before"),
    gettext_lazy("Last year"),
    gettext_lazy("Year on year (%)"),
    gettext_lazy("Formula"),
    gettext_lazy("Version"),
)


def _file(
    request: HttpRequest, source: Source, span: Span, shown: tuple[str, Sequence[Any]], form: str
) -> HttpResponseBase:
    """The page's own rows, for those whom the handbook lets take report data out."""
    if not exports.may_export(request.user.roles):  # type: ignore[union-attr]
        raise PermissionDenied("export")
    by, rows = shown
    record_request(
        request, "reporting.exported", by=[source.code, by], since=str(span.first), until=str(span.end), rows=len(rows)
    )
    if by:
        head = [service_figures.group_label(source, by), *(str(one.name) for one in declared.figures_of(source))]
    else:
        head = [str(one) for one in _HEAD]
    table = _group_rows(rows) if by else _line_rows(rows)
    answer: HttpResponseBase
    if form == "csv":
        answer = StreamingHttpResponse(exports.csv_lines(head, table), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(exporting.workbook(head, table), content_type=exporting.XLSX)
    name = f"{source.code}-{span.label}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return handed_out(request, answer, title=f"{source.name} {span.label}", filename=name)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _line_rows(lines: Sequence[Line]) -> Iterator[list[Any]]:
    for one in lines:
        yearly = None if one.yearly is None else one.yearly * 100
        numbers = (
            one.value,
            one.above,
            one.below,
            one.aim.value if one.aim else None,
            one.before,
            one.last_year,
            yearly,
        )
        yield [
            str(one.figure.name),
            *(_number(value) for value in numbers),
            str(one.figure.formula),
            one.figure.version,
        ]


def _group_rows(groups: Sequence[Group]) -> Iterator[list[Any]]:
    for one in groups:
        yield [one.label, *(_number(value) for value in one.values)]
