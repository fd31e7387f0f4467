# SPDX-License-Identifier: Apache-2.0
"""Questions about what the centre knows, for pages and for packages above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import F

from zuoxi.knowledge.facts import Matter, Piece, SpokenFacts, TabooHit
from zuoxi.knowledge.handbook import TABOOS, TabooBody
from zuoxi.knowledge.indexing import KIND, OPEN, WAITING
from zuoxi.knowledge.models import Article, DayOff, Receipt, SaidLines, Version
from zuoxi.knowledge.reading import briefing, required, to_read
from zuoxi.knowledge.rules import judge_taboo
from zuoxi.knowledge.scripts import Speaker, opening, script_about, script_for, scripts, spoken
from zuoxi.knowledge.taboo import hits_in
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.search import selectors as search

__all__ = [
    "Speaker",
    "article_by_code",
    "articles_for",
    "briefing",
    "days_off_between",
    "experts_off",
    "judged_words",
    "lines_said",
    "looked_up",
    "matter",
    "matters",
    "opening",
    "opening_line",
    "read_by",
    "receiving",
    "required",
    "script_about",
    "script_for",
    "script_labels",
    "spoken",
    "taboo_hits",
    "taboos",
    "ticked_in",
    "to_read",
]


def opening_line(kind: str, on: date, speaker: Speaker | None = None) -> str:
    """What a call begins with that day, names filled in; `kind` is the call's script key where it has its own first
    line (a script that does not begin with the greeting), else the greeting of the day."""
    who = speaker or Speaker()
    script = spoken(script_for(kind), on, who, opening(on)) if script_for(kind) else None
    return script.lines[0].say if script and script.lines else opening(on).say


def script_labels() -> dict[str, str]:
    """What each script of the pack is called, in the pack's order."""
    return {key: str(body.label) for key, body in scripts().items()}


def article_by_code(code: str) -> Article | None:
    return Article.objects.select_related("current").filter(code=code).first()


def articles_for(*topics: str, limit: int = 6) -> list[Piece]:
    """What helps most often in calls of these topics or queues: in force, by votes, then by how often opened."""
    asked = {one.lower() for one in topics if one}
    if not asked:
        return []
    rows = Article.objects.filter(current__isnull=False, retired_at=None).exclude(topics=[])
    found = []
    ordered = rows.order_by(F("useless") - F("useful"), "-opened", "pk")
    for key, title, kind, named, votes in ordered.values_list("pk", "title", "kind", "topics", "useful")[:2000]:
        if asked & {str(one).lower() for one in named}:
            found.append(Piece(key, title, kind, votes=votes))
            if len(found) == limit:
                break
    return found


@enforces("KB-009")
def looked_up(
    words: str, *, topics: Sequence[str] = (), kinds: Sequence[str] = (), limit: int = 12
) -> tuple[list[Piece], int]:
    """What answers the words as a customer would say them, and how many: as written first, then by sound and by most of
    the characters; what belongs to the topic of the call a little higher. Announced products are named, last."""
    found = search.find([KIND], words, limit * 3, scopes=[OPEN, WAITING], best=True, forgiving=True)
    rows = Article.objects.in_bulk([int(one.ref) for one in found])
    asked = {one.lower() for one in topics if one}
    ranked = []
    order = {"words": 0, "sound": 1, "alike": 2}
    for place, one in enumerate(found):
        article = rows.get(int(one.ref))
        if article is None or (kinds and article.kind not in kinds):
            continue
        waiting = article.current_id is None
        fits = bool(asked & {str(topic).lower() for topic in article.topics})
        snippet = "" if waiting else one.snippet
        piece = Piece(article.pk, one.title, article.kind, snippet, waiting, one.how, article.useful)
        ranked.append((waiting, order[one.how], place - (3 if fits else 0), piece))
    pieces = [row[-1] for row in sorted(ranked, key=lambda row: row[:3])][:limit]
    return pieces, len(pieces)


def taboos() -> Mapping[str, TabooBody]:
    """The dictionary of what is not said, by key."""
    return site_handbook().entries(TABOOS)


@enforces("KB-005")
def taboo_hits(text: str, speaker: str = "conversation") -> list[TabooHit]:
    """What in an agent's words is not said to customers. `speaker`: whose words they are ("agent", "customer"), or a
    "conversation" with a label before each turn; quotations and the customer's turns never count."""
    return hits_in(text, speaker, list(taboos().items()))


def judged_words(text: str, on: date) -> Finding:
    """The same as a finding, with its clause."""
    return judge_taboo(SpokenFacts(text), site_handbook().on(on))


@enforces("CUS-006", "KB-010")
def matter(code: str, on: date) -> Matter | None:
    """What has to be brought for a matter on that day: the whole list at once. None when nothing holds that day."""
    rows = Version.objects.filter(
        article__code=code,
        article__kind="matter",
        state__in=(Version.State.PUBLISHED, Version.State.EXPIRED),
        effective_from__lte=on,
    ).exclude(effective_until__lt=on)
    version = rows.select_related("article").order_by("-effective_from", "-number").first()
    return _matter(version) if version is not None else None


def matters(on: date, *, public: bool = False) -> list[Matter]:
    """Every matter in force, by category and title; `public`: those that are shown to everybody."""
    rows = Article.objects.filter(kind="matter", current__isnull=False, retired_at=None).select_related("current")
    if public:
        rows = rows.filter(public=True)
    return [_matter(one.current, one) for one in rows.order_by("category", "title") if one.current is not None]


def _matter(version: Version, article: Article | None = None) -> Matter:
    said = version.fields

    def items(name: str) -> tuple[str, ...]:
        value = said.get(name, [])
        return tuple(value) if isinstance(value, list) else tuple(filter(None, str(value).split("\n")))

    return Matter(
        (article or version.article).code or "",
        version.title,
        items("materials"),
        items("steps"),
        str(said.get("time_limit", "")),
        str(said.get("fee", "")),
        str(said.get("basis", "")),
        str(said.get("handled_by", "")),
        version.effective_from,
    )


def days_off_between(first: date, last: date) -> list[DayOff]:
    """Days off that touch the span, with their experts."""
    rows = DayOff.objects.filter(first_on__lte=last, last_on__gte=first).select_related("article", "told_by")
    return list(rows.order_by("first_on", "pk"))


def experts_off(on: date) -> dict[int, DayOff]:
    """Article → its day off, of the experts who do not receive that day."""
    return {one.article_id: one for one in days_off_between(on, on)}


@enforces("KB-013")
def receiving(article_id: int, on: date) -> bool:
    """Whether an expert receives that day, as far as was told."""
    return not DayOff.objects.filter(article_id=article_id, first_on__lte=on, last_on__gte=on).exists()


def read_by(staff: Staff, limit: int = 30) -> list[Receipt]:
    """What somebody has confirmed, the newest first."""
    return list(Receipt.objects.filter(staff=staff).select_related("version").order_by("-at")[:limit])


def ticked_in(call: str, staff: Staff, script: str) -> frozenset[str]:
    """Keys of the lines that somebody ticked in a call."""
    row = SaidLines.objects.filter(call=call, staff=staff, script=script).first()
    return frozenset(row.ticked if row else ())


def lines_said(call: str) -> list[tuple[str, int, int]]:
    """(script, mandatory lines said, mandatory lines) of a call, for whoever judges it."""
    rows = SaidLines.objects.filter(call=call).order_by("pk")
    return list(rows.values_list("script", "said", "mandatory"))
