# SPDX-License-Identifier: Apache-2.0
"""Tags of every page; loaded everywhere as built-ins. Usage: docs/reference/components.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from zuoxi.web import assets, measures, navigation
from zuoxi.web.explaining import explained
from zuoxi.web.states import state_label
from zuoxi.web.words import words

register = template.Library()
Text = str | Promise


# Frame --------------------------------------------------------------------------------------------------------------


@register.simple_tag
def frontend() -> SafeString:
    """Script and style tags of the page."""
    return assets.entry_tags()


@register.simple_tag
def static_file(path: str) -> str:
    """Address of a file that is not part of the build."""
    return static(path)


@register.simple_tag
def icon(name: str, size: str = "", label: Text = "") -> SafeString:
    """{% icon "phone" %}, {% icon "phone" "s" %}, {% icon "phone" label=_("Call") %}; names: icons.json."""
    return assets.icon_svg(name, size, str(label))


@register.inclusion_tag("web/components/navigation.html", takes_context=True)
def left_navigation(context: Context) -> dict[str, Any]:
    return {"faces": navigation.sections_for(context["request"])}


@register.simple_tag(takes_context=True)
def top_slots(context: Context, place: str) -> SafeString:
    """The registered pieces of the top bar at one place."""
    request: HttpRequest = context["request"]
    drawn = [
        render_to_string(slot.template, slot.context(request) if slot.context else {}, request)
        for slot in navigation.slots_for(request, place)
    ]
    return mark_safe("".join(drawn))  # noqa: S308 - rendered templates


@register.simple_tag
def island_words() -> dict[str, str]:
    return words()


# Components ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def state_badge(state: str, reason: Text = "") -> SafeString:
    """{% state_badge "break" %}, {% state_badge "not_ready" reason %}: icon, word and colour together."""
    return format_html(
        '<span class="zx-state" data-state="{}">{}{}{}</span>',
        state,
        assets.icon_svg(f"state-{state}"),
        state_label(state),
        format_html(" · {}", reason) if reason else "",
    )


@register.simple_tag
def state_icon(state: str) -> SafeString:
    """The icon of an agent state alone; put the word beside it."""
    return assets.icon_svg(f"state-{state}")


@register.simple_tag
def badge(text: Text, tone: str = "plain", icon: str = "") -> SafeString:
    """{% badge _("Overdue") "bad" "warning" %}; tones: plain info good warn bad accent."""
    drawn = assets.icon_svg(icon) if icon else ""
    return format_html('<span class="zx-badge" data-tone="{}">{}{}</span>', tone, drawn, text)


@register.simple_tag(takes_context=True)
def since(context: Context, moment: datetime | None, warn: int | None = None, alarm: int | None = None) -> SafeString:
    """A counter running since the moment; turns amber after `warn` seconds and red after `alarm`."""
    if moment is None:
        return format_html('<span class="zx-since">{}</span>', measures.UNKNOWN)
    now = context.get("server_now")
    shown = measures.duration_text(max(timedelta(0), now - moment)) if now else ""
    levels = [("warn", warn), ("alarm", alarm)]
    marks = "".join(format_html(' data-{}-after="{}"', name, after) for name, after in levels if after)
    return format_html(
        '<time class="zx-since" datetime="{0}" data-since="{0}"{1}>{2}</time>',
        moment.isoformat(),
        mark_safe(marks),  # noqa: S308 - built by format_html above
        shown,
    )


@register.inclusion_tag("web/components/stat.html")
def stat(
    label: Text,
    value: Any,
    href: str = "",
    *,
    unit: Text = "",
    note: Text = "",
    tone: str = "",
    formula: Text = "",
    id: str = "",
) -> dict[str, Any]:
    """One tile of a <div class="zx-stats">: a figure that opens its rows, with its formula at hand."""
    return locals()


@register.inclusion_tag("web/components/sort_header.html", takes_context=True)
def sort_header(context: Context, key: str, label: Text, num: bool = False, default: str = "") -> dict[str, Any]:
    """A <th> that sorts the list by `key`; default: the sort (key or -key) the view uses when none is asked."""
    request: HttpRequest = context["request"]
    asked = request.GET.get("sort") or default
    state = "ascending" if asked == key else "descending" if asked == f"-{key}" else "none"
    query = request.GET.copy()
    query["sort"] = key if asked == f"-{key}" else f"-{key}" if asked == key or num else key
    query.pop("page", None)
    drawn = {"ascending": "sort-up", "descending": "sort-down", "none": "sort-none"}[state]
    return {"key": key, "label": label, "num": num, "state": state, "icon": drawn, "query": query.urlencode()}


@register.inclusion_tag("web/components/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Previous and next of a `web.listing.ListPage`; other GET parameters stay."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    rest = query.urlencode()
    return {"page": page, "rest": f"&{rest}" if rest else "", "next": page.number + 1, "previous": page.number - 1}


@register.inclusion_tag("web/components/empty.html")
def empty(title: Text, text: Text = "", href: str = "", action: Text = "", icon: str = "inbox") -> dict[str, Any]:
    """What will appear here and how to make it appear."""
    return locals()


@register.inclusion_tag("web/components/field.html")
def field(bound: BoundField, hint: Text = "", wide: bool = False) -> dict[str, Any]:
    """{% field form.name %}: label, control, hint, errors. A checkbox stands before its label."""
    kind = getattr(bound.field.widget, "input_type", "")
    group = bound.use_fieldset
    return {"bound": bound, "hint": hint, "wide": wide, "checkbox": kind == "checkbox" and not group, "group": group}


@register.inclusion_tag("web/components/alert.html")
def alert(tone: str, title: Text = "", text: Text = "", dismiss: bool = False) -> dict[str, Any]:
    """A note in the page; tones: info good warn bad."""
    icons = {"good": "success", "success": "success", "warn": "warning", "warning": "warning", "bad": "error"}
    return locals() | {"icon": icons.get(tone, "error" if tone == "error" else "info")}


@register.inclusion_tag("web/components/person.html")
def person(name: Text, code: str = "", href: str = "", size: str = "") -> dict[str, Any]:
    """A person's chip: tinted initial, name, code."""
    return locals()


@register.inclusion_tag("web/components/why.html")
def why(finding: Any, title: Text = "", open: bool = False) -> dict[str, Any]:
    """The ground of a judgement: a finding, or the JSON that a table kept of one. By hand: anything with clauses (id,
    title, text, url), figures (name, value, unit, clause) and facts (name, value); any of them may be missing."""
    return {"finding": explained(finding), "title": title, "open": open}


@register.inclusion_tag("web/components/progress.html")
def progress(url: str, title: Text = "", cancel_url: str = "", result_url: str = "", then: str = "") -> dict[str, Any]:
    """Follows a job's JSON address ({state, done, total, message, result_url}); then="reload" loads the page anew
    when it is done, "look" however it ended (the page then says why it failed)."""
    return locals()


@register.simple_tag
def chart(id: str, data: Any = None, *, url: str = "", label: Text = "", size: str = "", every: int = 0) -> SafeString:
    """A chart from data (a dict in the vocabulary of frontend/src/chart-options.ts) or from a JSON address, with the
    same figures as a table below it for whoever cannot see it."""
    return mark_safe(  # noqa: S308 - a rendered template
        render_to_string(
            "web/components/chart.html",
            {
                "id": id,
                "data": data,
                "url": url,
                "label": label,
                "size": size,
                "every": every,
                "table": chart_table(data),
                "data_id": f"{id}-data",
            },
        )
    )


def chart_table(data: Any) -> tuple[list[str], list[list[str]]] | None:
    """(head, rows) of a chart's figures; None for charts drawn from an address."""
    if not data or data["kind"] == "heat":
        return None
    unit = data.get("unit", "count")
    writers: dict[str, Callable[[Any], str]] = {
        "percent": measures.percent_text,
        "duration": measures.duration_text,
        "money": measures.money_text,
    }
    shown = writers.get(unit, lambda value: measures.number_text(value, 0 if isinstance(value, int) else 1))
    head = [str(one["name"]) for one in data["series"]]
    rows = [[str(x), *(_shown_at(one, index, shown) for one in data["series"])] for index, x in enumerate(data["x"])]
    return head, rows


def _shown_at(series: dict[str, Any], index: int, shown: Callable[[Any], str]) -> str:
    """The figure of a line, or both edges of a band."""
    value = shown(series["data"][index])
    return f"{shown(series['low'][index])} – {value}" if "low" in series else value


@register.simple_tag
def json_attr(value: Any) -> str:
    """A value as JSON inside an attribute; escaped like any text."""
    return json.dumps(value, ensure_ascii=False)


# Blocks -------------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def panel(content: str, title: Text = "", *, note: Text = "", flush: bool = False, id: str = "", href: str = "") -> str:
    """{% panel _("Calls") flush=True %}…{% endpanel %}; flush: no padding, for tables and charts."""
    return render_to_string("web/components/panel.html", locals())


@register.simple_block_tag
def page_head(content: str, title: Text, *, lead: Text = "", back_url: str = "", back_label: Text = "") -> str:
    """{% page_head _("Calls") lead=… %}buttons on the right{% endpage_head %}; the page's one <h1>."""
    return render_to_string("web/components/head.html", locals() | {"actions": mark_safe(content.strip())})  # noqa: S308


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str) -> str:
    """{% filters %}fields{% endfilters %}: a GET form that goes off by itself; sort order is kept."""
    sort = context["request"].GET.get("sort", "")
    return render_to_string("web/components/filters.html", {"content": content, "sort": sort})


@register.simple_block_tag
def dialog(content: str, id: str, title: Text = "", *, wide: bool = False, open: bool = False) -> str:
    """{% dialog "reject" _("Reject") %}…{% enddialog %}, opened by any element with data-dialog="reject"."""
    return render_to_string("web/components/dialog.html", locals())
