# SPDX-License-Identifier: Apache-2.0
"""What the program knows already of a report that somebody owes; the person edits, adds and sends.

Each is a function `(item, staff, now) -> Prefilled`, by the name that the pack's `prefill` gives. What is not known is
said to be unknown, never nought.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from zuoxi.attendance import selectors as attendance
from zuoxi.outbound import selectors as outbound
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting import definitions, presentation, selectors
from zuoxi.reporting.duties.safety import Expected, expected
from zuoxi.reporting.duties.schedule import month_day
from zuoxi.reporting.facts import FigureRow
from zuoxi.reporting.models import DailyReport, DutyItem
from zuoxi.workforce import selectors as workforce

TEAM_FIGURES = ("answered", "outbound_connected", "success_rate", "cph", "aht")
PERIOD_FIGURES = ("offered", "answered", "connect_rate", "service_level", "abandon_rate", "aht", "cph")


@dataclass(frozen=True, slots=True)
class Prefilled:
    """Text to begin with (in Chinese, as it is sent), figures to show beside it, and what is not known.

    `people`: of a shift, with who is home. `link`: a page with more.
    """

    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    people: tuple[Expected, ...] = ()
    link: tuple[str, str] | None = None
    rows: tuple[tuple[str, ...], ...] = field(default=())


Filler = Callable[[DutyItem, Staff, datetime], Prefilled]


def prefilled(item: DutyItem, staff: Staff, now: datetime) -> Prefilled:
    """What is known of an item; nothing where the pack names no filler or one that this program does not have."""
    filler = FILLERS.get(item.terms.get("prefill", ""))
    return filler(item, staff, now) if filler else Prefilled()


def _daily(item: DutyItem, _staff: Staff, _now: datetime) -> Prefilled:
    report = DailyReport.objects.filter(day=item.day).first()
    if report is None:
        return Prefilled(unknown=(_("The daily report is not composed yet."),))
    return Prefilled(report.text_zh, link=(_("Daily report"), f"/reports/daily/{item.day.isoformat()}/"))


def _safe_return(item: DutyItem, _staff: Staff, _now: datetime) -> Prefilled:
    rows = expected(item)
    ended = item.opens_at.astimezone(site_handbook().zone)
    missing = [row.staff.name for row in rows if row.safe is None]
    text = f"{ended:%m-%d %H:%M}下班{len(rows)}人，已报平安{len(rows) - len(missing)}人"
    text += f"；尚未联系上{len(missing)}人：{'、'.join(missing)}。" if missing else "，全部平安到家。"
    return Prefilled(text, people=tuple(rows))


def _home_safe(_item: DutyItem, staff: Staff, _now: datetime) -> Prefilled:
    return Prefilled(link=(_("Home safe"), "/home-safe/"))


def _figures(first: date, last: date, names: Sequence[str], now: datetime, agents: frozenset[str] | None) -> FigureRow:
    known = tuple(name for name in names if name in definitions.BY_ID)
    query = replace(selectors.day_query(first, last, figures=known), agents=agents)
    return selectors.total(query, now)


def _told(row: FigureRow) -> tuple[tuple[str, str], ...]:
    return tuple((str(definitions.BY_ID[name].name), presentation.shown(one)) for name, one in row.figures.items())


def _in_words(row: FigureRow) -> str:
    return "，".join(
        f"{definitions.BY_ID[name].name}{presentation.shown(one).replace('—', '-')}"
        for name, one in row.figures.items()
    )


def _of_team(item: DutyItem, staff: Staff, now: datetime, first: date, last: date) -> Prefilled:
    """Each team's figures, then all of them: the item's team, or every team that the holder answers for."""
    spells = people.team_spells(first, last)
    mine = [item.team] if item.team else sorted({team for code, team, _since, _until in spells if code == staff.code})
    names = dict(people.team_choices())
    lines: list[str] = []
    facts: list[tuple[str, str]] = []
    rows: list[tuple[str, ...]] = []
    for team in mine:
        codes = frozenset(code for code, other, _since, _until in spells if other == team)
        row = _figures(first, last, TEAM_FIGURES, now, codes)
        lines.append(f"{names.get(team, team)}：{_in_words(row)}")
        rows.append((names.get(team, team), *(text for _name, text in _told(row))))
        facts = [*facts, *_told(row)] if len(mine) == 1 else facts
    head = (_("Team"), *(str(definitions.BY_ID[name].name) for name in TEAM_FIGURES if name in definitions.BY_ID))
    unknown = () if lines else (_("You hold no team on that day."),)
    orders = (_("Orders and amounts are not known to the program: add them."),) if lines else ()
    return Prefilled("\n".join(lines), tuple(facts), unknown + orders, rows=(head, *rows) if rows else ())


def _team_results(item: DutyItem, staff: Staff, now: datetime) -> Prefilled:
    return _of_team(item, staff, now, item.day, item.day)


def _team_week(item: DutyItem, staff: Staff, now: datetime) -> Prefilled:
    return _of_team(item, staff, now, item.about_first, min(item.about_last, item.day))


def _period(item: DutyItem, staff: Staff, now: datetime) -> Prefilled:
    last = min(item.about_last, now.astimezone(site_handbook().zone).date())
    teams = {team for code, team, _s, _u in people.team_spells(item.about_first, last) if code == staff.code}
    codes = None
    if teams:
        codes = frozenset(c for c, team, _s, _u in people.team_spells(item.about_first, last) if team in teams)
    row = _figures(item.about_first, last, PERIOD_FIGURES, now, codes)
    span = f"{item.about_first:%m-%d}" + ("" if last == item.about_first else f"至{last:%m-%d}")
    return Prefilled(f"{span}：{_in_words(row)}", _told(row))


def _own(first: date, last: date, staff: Staff, now: datetime) -> Prefilled:
    row = _figures(first, last, TEAM_FIGURES, now, frozenset({staff.code}))
    told = outbound.day_told(staff, first, last)
    if not (told.dialled or told.follow_ups):
        return Prefilled(_in_words(row), _told(row))
    text = f"{_in_words(row)}\n外呼{told.dialled}通，接起{told.answered}通，有效{told.effective}通，成功{told.won}通，"
    text += f"跟进记录{told.follow_ups}条，待回电{told.callbacks_open}个"
    facts = (
        (_("Outbound calls dialled"), str(told.dialled)),
        (_("Effective outbound calls"), str(told.effective)),
        (_("Follow-ups written"), str(told.follow_ups)),
    )
    return Prefilled(text, (*_told(row), *facts), link=(_("Outbound calls of the month"), "/outbound/month/"))


def _own_follow_ups(item: DutyItem, staff: Staff, _now: datetime) -> Prefilled:
    """The day's records of follow-ups, as they are handed to the leader."""
    lines = [
        f"{one.contact}（{one.colour or '未标注'}）：{one.content}" for one in outbound.follow_ups_of(staff, item.day)
    ]
    link = (_("Records of follow-ups"), f"/outbound/follow-ups/?day={item.day.isoformat()}")
    return Prefilled("\n".join(lines), link=link)


def _own_day(item: DutyItem, staff: Staff, now: datetime) -> Prefilled:
    return _own(item.day, item.day, staff, now)


def _own_month(item: DutyItem, staff: Staff, now: datetime) -> Prefilled:
    return _own(item.day.replace(day=1), item.day, staff, now)


def _strength(item: DutyItem, staff: Staff, now: datetime) -> Prefilled:
    """Who of the team should have been there, from the roster."""
    spells = people.team_spells(item.day, item.day)
    teams = {item.team} if item.team else {team for code, team, _s, _u in spells if code == staff.code}
    codes = sorted({code for code, team, _s, _u in spells if team in teams} - {staff.code})
    ids = [one.pk for one in people.staff_by_codes(codes).values()]
    due = len({one.staff_id for one in workforce.shifts_between(item.day, item.day, ids)})
    base = _of_team(item, staff, now, item.day, item.day)
    return Prefilled(f"应到{due}人。\n{base.text}", ((_("On the roster"), str(due)), *base.facts), rows=base.rows)


def _headcount(item: DutyItem, _staff: Staff, _now: datetime) -> Prefilled:
    """Who joined, left or changed post in the month (ORG-021)."""
    first, last = item.about_first, item.about_last
    joined, left, moved = people.changes_between(first, last)
    words = [
        f"{label}{len(rows)}人" + (f"（{'、'.join(rows[:30])}）" if rows else "")
        for label, rows in (("入职", joined), ("离职", left), ("调岗", moved))
    ]
    facts = ((_("Joined"), str(len(joined))), (_("Left"), str(len(left))), (_("Changed post"), str(len(moved))))
    return Prefilled(f"{first:%Y-%m}人员变动：{'，'.join(words)}。", facts)


def _rosters(item: DutyItem, _staff: Staff, _now: datetime) -> Prefilled:
    """How far next month's rosters have come (SCH-014)."""
    month = month_day(item.day.year, item.day.month, "last") + timedelta(days=1)
    found = workforce.roster_states(month)
    if not found:
        return Prefilled(unknown=(_("No roster of next month has been begun."),))
    done = [name for name, state, *_rest in found if state == "published"]
    open_ones = [name for name, state, *_rest in found if state != "published"]
    text = f"{month:%Y-%m}班表：已发布{len(done)}份" + (
        f"，未发布{len(open_ones)}份：{'、'.join(open_ones)}" if open_ones else ""
    )
    rows = [(name, _("Published") if state == "published" else _("Not published")) for name, state, *_rest in found]
    return Prefilled(f"{text}。", rows=((_("Roster"), _("State")), *rows))


def _budget(item: DutyItem, _staff: Staff, _now: datetime) -> Prefilled:
    """Last month's budget beside this one's (RPT-024)."""
    before = DutyItem.objects.filter(duty=item.duty, day__lt=item.day, handed_at__isnull=False).order_by("-day").first()
    if before is None:
        return Prefilled(unknown=(_("There is no earlier budget to compare with."),))
    facts = ((_("Last budget"), str(before.answers.get("total", "—"))), (_("Handed in on"), before.day.isoformat()))
    return Prefilled("", facts)


def _seats(item: DutyItem, _staff: Staff, _now: datetime) -> Prefilled:
    """The most people rostered at once this month beside the seats that rosters name."""
    first, last = item.day.replace(day=1), month_day(item.day.year, item.day.month, "last")
    shifts = workforce.shifts_between(first, last)
    seats = {one.seat for one in shifts if one.seat}
    by_day: dict[date, int] = {}
    for one in shifts:
        if one.seat:
            by_day[one.day] = by_day.get(one.day, 0) + 1
    most = max(by_day.values(), default=0)
    return Prefilled(
        f"本月单日最多排班{most}人，编有座席{len(seats)}个。",
        ((_("Most people rostered on one day"), str(most)), (_("Seats"), str(len(seats)))),
    )


def _attendance(item: DutyItem, _staff: Staff, now: datetime) -> Prefilled:
    """Each team's attendance rate of the month, from what was judged last (RPT-018, ATT-023)."""
    last = min(item.about_last, now.astimezone(site_handbook().zone).date())
    teams = people.open_teams()
    rates = attendance.rates_by_team(item.about_first, last, [team.pk for team in teams])
    rows, words = [], []
    for team in teams:
        rate = rates.get(team.pk)
        percent = "—" if rate is None or rate.percent is None else f"{rate.percent}%"
        rows.append((str(team), percent, str(rate.unknown if rate else "—")))
        words.append(f"{team.name_zh}{percent}")
    unknown = (_("Appraisal scores are not known to the program: add them."),)
    if not rates:
        return Prefilled(unknown=(_("No attendance of these days has been judged yet."), *unknown))
    head = (_("Team"), _("Attendance"), _("Shifts not known"))
    return Prefilled(f"{item.about_first:%Y-%m}出勤率：{'，'.join(words)}。", (), unknown, rows=(head, *rows))


FILLERS: dict[str, Filler] = {
    "attendance": _attendance,
    "daily_figures": _daily,
    "safe_return": _safe_return,
    "home_safe": _home_safe,
    "team_results": _team_results,
    "team_day": _strength,
    "team_week": _team_week,
    "period_figures": _period,
    "own_day": _own_day,
    "own_month": _own_month,
    "own_follow_ups": _own_follow_ups,
    "headcount": _headcount,
    "rosters": _rosters,
    "budget": _budget,
    "seats": _seats,
}
