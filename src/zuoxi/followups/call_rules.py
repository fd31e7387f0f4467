# SPDX-License-Identifier: Apache-2.0
"""Judgements on one call: when it may be made, what follows from the answers, whether a reason says anything."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from zuoxi.followups.facts import BookingFacts, DueFacts, RefusalFacts, RepairCallFacts, ReplyFacts, WindowFacts
from zuoxi.followups.handbook import KINDS
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule

_WINDOW = ("followup.morning_from", "followup.morning_to", "followup.afternoon_from", "followup.evening_to")
_END_OF_DAY = time(23, 59, 59)
Span = tuple[time, time]


@rule(
    "followup.window",
    outcomes=("allowed", "refused"),
    needs=tuple(f"figures:{key}" for key in _WINDOW),
    clauses=("FUP-009",),
    day="at",
)
def judge_window(facts: WindowFacts, reading: Reading) -> Finding:
    """Whether a follow-up may be made at that moment; the end of a span belongs to it. Otherwise when it may next."""
    at = reading.local(facts.at)
    first, noon, second, last = (reading.time(key) for key in _WINDOW)
    open_spans = ((first, noon), (second, last))
    quiet = tuple(_span(one) for one in facts.quiet)
    hours = f"{first:%H:%M}–{noon:%H:%M}、{second:%H:%M}–{last:%H:%M}"
    if _inside(at, open_spans) and not _quiet(at, quiet):
        return reading.finding("followup.window", "allowed", details={"next_at": None}, hours=hours)
    following = _next(at, open_spans, quiet)
    said = following.isoformat() if following else None
    words = {"hours": hours, "next": f"{following:%m-%d %H:%M}" if following else "—"}
    say = "quiet" if _inside(at, open_spans) else "refused"
    return reading.finding("followup.window", "refused", details={"next_at": said}, say=say, **words)


def _span(text: str) -> Span:
    first, last = (time.fromisoformat(part) for part in text.split("-"))
    return first, last


def _inside(at: datetime, spans: tuple[Span, ...]) -> bool:
    here = at.time().replace(microsecond=0)
    return any(first <= here <= last for first, last in spans)


def _quiet(at: datetime, spans: tuple[Span, ...]) -> bool:
    here = at.time()
    return any(first <= here < last for first, last in spans)


def _next(at: datetime, spans: tuple[Span, ...], quiet: tuple[Span, ...]) -> datetime | None:
    """The first moment from `at` on that is open and not quiet, within a week; None: there is none."""
    edges = sorted({one for span in spans for one in span} | {last for _first, last in quiet})
    for day in range(8):
        for edge in edges:
            here = datetime.combine(at.date() + timedelta(days=day), edge, at.tzinfo)
            if here >= at and _inside(here, spans) and not _quiet(here, quiet):
                return here
    return None


@rule(
    "followup.due",
    outcomes=("due",),
    needs=("figures:followup.window_hours", *(f"figures:{key}" for key in _WINDOW)),
    clauses=("ORD-005", "FUP-004", "FUP-009"),
    day="at",
)
def judge_due(facts: DueFacts, reading: Reading) -> Finding:
    """From when and until when to call. The beginning waits for the hours of follow-ups; the end is never before it.
    A kind that the pack does not know is refused."""
    body = reading.handbook.entries(KINDS).get(facts.kind)
    if body is None:
        known = ", ".join(reading.handbook.entries(KINDS)) or "none"
        raise Impossible("kind", f"this pack knows {known}")
    reading.note(*body.clauses)
    first = reading.local(facts.at) + timedelta(hours=float(reading.number(body.after)) if body.after else 0)
    last = first + timedelta(hours=float(reading.number(body.within)))
    window = judge_window(WindowFacts(first, facts.quiet), reading)
    if window.outcome == "refused" and window.details["next_at"]:
        first = datetime.fromisoformat(window.details["next_at"])
    last = max(first, last)
    return reading.finding(
        "followup.due",
        "due",
        details={"due_from": first.isoformat(), "due_by": last.isoformat()},
        zh=body.label.zh,
        en=body.label.en,
        from_=f"{first:%Y-%m-%d %H:%M}",
        by=f"{last:%Y-%m-%d %H:%M}",
    )


@rule(
    "followup.booking",
    outcomes=("try_again", "not_reached"),
    needs=("figures:survey.bookings",),
    clauses=("FUP-002",),
)
def judge_booking(facts: BookingFacts, reading: Reading) -> Finding:
    """Whether an agreed time that failed is followed by another, or the customer counts as not reached."""
    given_up = reading.beyond("survey.bookings", facts.missed)
    most = reading.whole("survey.bookings")
    return reading.finding(
        "followup.booking", "not_reached" if given_up else "try_again", missed=facts.missed, most=most
    )


@rule(
    "followup.repair_call",
    outcomes=("content", "fee_reminder", "unhappy", "complaint", UNKNOWN),
    needs=("figures:survey.score_from", "figures:survey.score_to", "figures:survey.satisfied_by"),
    clauses=("FUP-001", "VAR-003"),
)
def judge_repair_call(facts: RepairCallFacts, reading: Reading) -> Finding:
    """What follows from the six answers: a private charge is a complaint at once; who is content and owes the fee is
    reminded of it. "Content" goes by the answer or by the score, as the figure survey.satisfied_by says."""
    lowest, highest = reading.whole("survey.score_from"), reading.whole("survey.score_to")
    if facts.score is not None and not lowest <= facts.score <= highest:
        raise Impossible("score", f"a whole number from {lowest} to {highest} is expected")
    reading.note("FUP-001")
    if facts.charged:
        return _call(facts, "complaint", False, reading)
    by_score = reading.text("survey.satisfied_by") == "score"
    missing = [name for name in ("solved", "score" if by_score else "attitude") if getattr(facts, name) is None]
    if missing:
        return reading.unknown("followup.repair_call", missing)
    content = facts.attitude == "satisfied"
    if by_score:
        content = facts.score is not None and facts.score >= reading.whole("survey.satisfied_from")
    if facts.solved and content:
        return _call(facts, "fee_reminder" if facts.unpaid else "content", bool(facts.unpaid), reading)
    unhappy = not facts.solved or facts.attitude == "dissatisfied" or (by_score and not content)
    return _call(facts, "unhappy" if unhappy else "content", False, reading)


def _call(facts: RepairCallFacts, outcome: str, fee: bool, reading: Reading) -> Finding:
    score = "—" if facts.score is None else facts.score
    details = {"ask_fee": fee, "complaint": outcome == "complaint", "score": facts.score}
    return reading.finding("followup.repair_call", outcome, details=details, score=score)


@rule(
    "refusal.reason",
    outcomes=("accepted", "refused"),
    needs=("figures:refusal.empty_words",),
    clauses=("ORD-005",),
)
def judge_reason(facts: RefusalFacts, reading: Reading) -> Finding:
    """A reason that says nothing ("none", blank, marks alone) is sent back; so are the customer's words."""
    empty = {word.casefold() for word in reading.words("refusal.empty_words")}
    bare = {name: _bare(getattr(facts, name)) for name in ("reason", "words")}
    missing = [name for name, text in bare.items() if not text or text in empty]
    return reading.finding("refusal.reason", "refused" if missing else "accepted", details={"missing": missing})


def _bare(text: str) -> str:
    """Letters and figures alone, so that "无。" is "无"."""
    return "".join(sign for sign in text if sign.isalnum()).casefold()


@rule(
    "opinion.reply",
    outcomes=("in_time", "due", "overdue"),
    needs=("figures:opinion.reply_days",),
    clauses=("FUP-008", "FUP-011"),
    day="passed_at",
)
def judge_reply(facts: ReplyFacts, reading: Reading) -> Finding:
    """Until when the department answers (the end of that working day), and whether it did."""
    passed = reading.local(facts.passed_at)
    last = calendar_of(reading.handbook).add_working_days(passed.date(), reading.whole("opinion.reply_days"))
    due = datetime.combine(last, _END_OF_DAY, passed.tzinfo)
    answered = None if facts.replied_at is None else reading.local(facts.replied_at)
    late = (answered or reading.local(facts.now)) > due
    outcome = "overdue" if late else "in_time" if answered else "due"
    return reading.finding("opinion.reply", outcome, details={"due_at": due.isoformat()}, due=f"{due:%Y-%m-%d %H:%M}")
