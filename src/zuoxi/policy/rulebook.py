# SPDX-License-Identifier: Apache-2.0
"""The rules that can be asked: each a pure function `(facts, reading) → Finding`, registered from a package's
`rules.py`. A pack has a rule when it has every entry that the rule needs.

    @rule("seat.not_ready", outcomes=("within_limit", "escalate"), needs=("figures:seat.not_ready.limit_minutes",),
          clauses=("CALL-008",))
    def judge_not_ready(facts: NotReadyFacts, reading: Reading) -> Finding: ...

Facts are frozen dataclasses whose names are the field names of the contract; a fact that may be missing is typed
`… | None` without a default, so that `null` must be said. Impossible facts raise `Impossible` in `__post_init__`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_type_hints

from django.conf import settings

from zuoxi.policy import site
from zuoxi.policy.entries import sections
from zuoxi.policy.findings import UNKNOWN, Finding, Why
from zuoxi.policy.handbook import Handbook, Reading
from zuoxi.web.marks import enforces

if TYPE_CHECKING:
    from zuoxi.policy.models import Suspension

Judge = TypeVar("Judge", bound=Callable[[Any, Reading], Finding])


QUIET = (
    "allowed", "on_time", "in_time", "normal", "none", "within", "within_limit", "fine", "clean", "met", "reached",
    "accepted", "fits", "present", "planned", "covered", "complete", "continue", "kept", "enough", "cleared",
    "notice_kept", "paid", "runs", "stays", "effective",
)  # fmt: skip
"""Outcomes from which nothing follows: what a rule says while it is switched off."""


class Impossible(ValueError):
    """Facts that cannot be: a sign-out before the sign-in, a negative amount. `field` names the culprit."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(f"{field}: {message}")


class Signed:
    """Marks a number that may be negative, as the degrees of a room: `Annotated[Decimal, Signed]`. Others may not."""


class UnknownRule(LookupError):
    """Nobody registered a rule of that name, or the pack has none of it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`facts` is the dataclass of its input, `outcomes` the closed list of its words, `day` names the fact that says
    on which day's handbook it is judged when nobody asks for another.

    `pure` says what the handbook says; `judge` the same, or `quiet` while the site has the rule switched off. A rule
    without a quiet outcome chooses or reckons, or protects people outside: it cannot be switched off.
    """

    name: str
    pure: Callable[[Any, Reading], Finding]
    judge: Callable[[Any, Reading], Finding]
    facts: type[Any]
    outcomes: tuple[str, ...]
    needs: tuple[str, ...]
    clauses: tuple[str, ...]
    day: str
    quiet: str | None

    def in_pack(self, handbook: Handbook) -> bool:
        return all(handbook.has(*need.split(":", 1)) for need in self.needs)

    def day_of(self, facts: Any, handbook: Handbook, otherwise: date) -> date:
        """The site's day of the facts; `otherwise` when they name none."""
        said = getattr(facts, self.day, None) if self.day else None
        if isinstance(said, datetime):
            return said.astimezone(handbook.zone).date() if said.tzinfo else said.date()
        return said if isinstance(said, date) else otherwise

    @property
    def fields(self) -> dict[str, Any]:
        """Name → type of every fact."""
        hints = get_type_hints(self.facts)
        return {one.name: hints[one.name] for one in fields(self.facts)}


_rules: dict[str, Rule] = {}


def rule(
    name: str,
    *,
    outcomes: tuple[str, ...],
    needs: tuple[str, ...],
    clauses: tuple[str, ...] = (),
    day: str = "",
    protects: bool = False,
) -> Callable[[Judge], Judge]:
    """Register a judgement, and mark it as enforcing its clauses. `needs` are "section:key".

    `protects`: people outside or their data; nobody switches it off.
    """
    quiet = None if protects else next((one for one in outcomes if one in QUIET), None)

    def register(judge: Judge) -> Judge:
        facts = cast(type[Any], get_type_hints(judge)["facts"])
        known = _rules.get(name)
        if known is not None and known.pure is not judge:
            raise ValueError(f"rule {name!r} is registered twice")
        judged = enforces(*clauses)(_effective(name, judge, quiet))
        _rules[name] = Rule(name, judge, judged, facts, outcomes, needs, clauses, day, quiet)
        return cast(Judge, judged)

    return register


def _effective(name: str, judge: Callable[[Any, Reading], Finding], quiet: str | None) -> Callable[..., Finding]:
    """The judgement as this site lives by it: quiet while its director has it switched off."""
    if quiet is None:
        return judge

    @wraps(judge)
    def judged(facts: Any, reading: Reading) -> Finding:
        found = judge(facts, reading)
        off = site.switched_off("rule")
        if name in off and reading.pack == settings.PACK:
            return _quietened(found, quiet, off[name])
        return found

    return judged


def _quietened(found: Finding, quiet: str, off: Suspension) -> Finding:
    """The finding without effect: who switched the rule off and why stands before what it would have said."""
    if found.outcome in (quiet, UNKNOWN):
        return found
    zh = f"本规则已由{off.by_name}停用（{off.reason}），不作处理。依规则应为：{found.why.zh}"
    en = f"{off.by_name} has switched this rule off ({off.reason}); nothing follows. It would say: {found.why.en}"
    return replace(found, outcome=quiet, why=Why(zh, en), details={**found.details, "switched_off": found.outcome})


def rules() -> dict[str, Rule]:
    """Every rule of the installed packages, by name."""
    sections()  # imports every package's rules.py
    return dict(sorted(_rules.items()))


def rule_named(name: str, handbook: Handbook | None = None) -> Rule:
    """The rule. Raises UnknownRule when nobody registered it or the handbook does not have it."""
    found = rules().get(name)
    if found is None:
        raise UnknownRule(f"no rule {name!r}; `zuoxi evaluate --list` shows them")
    if handbook is not None and not found.in_pack(handbook):
        raise UnknownRule(f"the pack {handbook.pack} has no rule {name!r}")
    return found


def judge(name: str, facts: Any, handbook: Handbook, on: date) -> Finding:
    """Judge facts by the handbook of that day. Raises UnknownRule."""
    return rule_named(name, handbook).judge(facts, handbook.on(on))
