# SPDX-License-Identifier: Apache-2.0
"""Two handbooks beside each other: which judgements under the first could come out otherwise under the second.

A judgement sees of a handbook only what it read. Where that says the same in both, so does the judgement, and a replay
need not judge again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from zuoxi.policy.dated import NoSuchEntry, Scale
from zuoxi.policy.entries import FIGURES, SCALES
from zuoxi.policy.handbook import Handbook, Reading


@dataclass(frozen=True, slots=True)
class _Differing:
    """What differs on one day: figures by key, and the second handbook's scales that rest on one of them."""

    figures: frozenset[str]
    scales: dict[str, Scale]


@dataclass(slots=True)
class Beside:
    """`touches` asks of a reading of `before` whether `after` would have told it something else.

    For two handbooks of one pack that differ in approved or proposed changes; of any others everything is touched.
    """

    before: Handbook
    after: Handbook
    _days: dict[date, _Differing] = field(default_factory=dict)

    @property
    def alike(self) -> bool:
        """Whether only changes of figures part the two."""
        first, second = self.before, self.after
        same_pack = first.pack == second.pack and first.zone == second.zone
        return same_pack and first.entries_by_section is second.entries_by_section

    def differs(self, key: str, day: date) -> bool:
        """Whether that figure is another in the second handbook on that day."""
        return not self.alike or key in self._on(day).figures

    def touches(self, reading: Reading) -> bool:
        if not self.alike:
            return True
        differing = self._on(reading.on)
        if not differing.figures:
            return False
        if not differing.figures.isdisjoint(reading.read):
            return True
        return any(
            scale in differing.scales and differing.scales[scale].step_for(amount) != index
            for scale, amount, index in reading.steps
        )

    def _on(self, day: date) -> _Differing:
        held = self._days.get(day)
        if held is None:
            held = self._days[day] = self._differing(day)
        return held

    def _differing(self, day: date) -> _Differing:
        changes = {one.key for one in (*self.before.changes, *self.after.changes)}
        figures = frozenset(key for key in changes if _value(self.before, key, day) != _value(self.after, key, day))
        scales = {}
        for key, body in self.after.entries(SCALES).items():
            used = {step.at for step in body.steps} | {one for step in body.steps for one in step.also.values()}
            if not figures.isdisjoint(used):
                scales[key] = self.after.on(day).scale(key)
        return _Differing(figures, scales)


def _value(handbook: Handbook, key: str, day: date) -> object:
    """The figure's value on the day; None where the pack has none."""
    if not handbook.has(FIGURES.name, key):
        return None
    try:
        return handbook.on(day).figure(key).value
    except NoSuchEntry:
        return None
