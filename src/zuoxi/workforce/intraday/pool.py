# SPDX-License-Identifier: Apache-2.0
"""Service of several queues whose agents overlap, by formula: fast enough to weigh hundreds of changes of a day.

Every group shares its hands among its queues so that all groups reachable from one another are equally busy; a queue
then waits as an Erlang A system of all agents who serve it, loaded with all that these agents do. Exact for one queue
and for groups that serve the same queues; in between an approximation, which the simulation checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zuoxi.workforce.erlang import steady_a, steady_c

Floats = NDArray[np.float64]
_ROUNDS = 40
_NEVER = 1e-9


@dataclass(frozen=True, slots=True)
class Queues:
    """Terms of the queues in order: handling time and patience in seconds, share answered within so many seconds.

    `patience` None: callers wait for ever. `served[group, queue]`: whether the group's agents take the queue's calls.
    """

    handle: Floats
    within: Floats
    target: Floats
    patience: float | None
    served: NDArray[np.bool_]

    @property
    def count(self) -> int:
        return len(self.handle)


@dataclass(frozen=True, slots=True)
class Reached:
    """By queue and slot. `service` is answered in time ÷ offered, nan where nobody calls; `gone` the share that gives
    up; `busy` the share of their time that the queue's agents work; `wait` the mean seconds of all callers."""

    service: Floats
    gone: Floats
    wait: Floats
    busy: Floats

    def day(self, calls: Floats) -> float:
        """Service over all calls; nan where there are none."""
        total = float(calls.sum())
        return float(np.nansum(self.service * calls)) / total if total else float("nan")

    def lost(self, calls: Floats) -> float:
        """Calls that give up."""
        return float(np.nansum(self.gone * calls))


def shares(load: Floats, agents: Floats, served: NDArray[np.bool_]) -> Floats:
    """Erlang of each queue that each group carries, by group, queue and slot, all as equally busy as their queues let
    them be. `load` by queue and slot, `agents` by group and slot."""
    able = served[:, :, None] * np.maximum(agents, _NEVER)[:, None, :]
    whole = np.maximum(able.sum(axis=0), _NEVER)
    part = able / whole
    for _ in range(_ROUNDS):
        carried = part * load[None]
        busy = carried.sum(axis=1) / np.maximum(agents, _NEVER)
        part = part / np.sqrt(np.maximum(busy, _NEVER))[:, None, :]
        part = part / np.maximum(part.sum(axis=0), _NEVER)[None]
    carried_at_last: Floats = part * load[None]
    return carried_at_last


def reached(calls: Floats, agents: Floats, queues: Queues, slot_seconds: float) -> Reached:
    """What `agents` (by group and slot, parts of an agent too) reach with `calls` (by queue and slot)."""
    load = calls * queues.handle[:, None] / slot_seconds
    carried = shares(load, agents, queues.served)
    ours = queues.served.T.astype(np.float64)
    hands = ours @ agents
    burden = np.einsum("qg,gps->qs", ours, carried)
    rates = np.einsum("qg,gps,p->qs", ours, carried, 1 / queues.handle)
    handle = np.where(rates > 0, burden / np.maximum(rates, _NEVER), queues.handle[:, None])
    low, high = np.floor(hands + 1e-9), np.ceil(hands - 1e-9)
    share = np.where(high > low, hands - low, 0.0)
    below = _steady(burden, handle, low, queues)
    above = _steady(burden, handle, high, queues)
    service, gone, wait = (one * (1 - share) + two * share for one, two in zip(below, above, strict=True))
    busy = np.where(hands > 0, np.minimum(burden * (1 - gone) / np.maximum(hands, _NEVER), 1.0), np.nan)
    silent = calls <= 0
    return Reached(np.where(silent, np.nan, service), np.where(silent, 0.0, gone), wait, busy)


def _steady(burden: Floats, handle: Floats, hands: Floats, queues: Queues) -> tuple[Floats, Floats, Floats]:
    within, counts = queues.within[:, None], hands.astype(np.int64)
    if queues.patience is None:
        found = steady_c(burden / handle, handle, counts, within)
        return found.service_level, found.abandonment, np.minimum(found.asa_seconds, 3600.0)
    found = steady_a(burden / handle, handle, queues.patience, counts, within)
    return found.service_level, found.abandonment, found.asa_seconds


def agents_by_group(group: NDArray[np.int64], on: NDArray[np.float64], groups: int) -> Floats:
    """Hands by group and slot of people (`group` of each, `on` by person and slot)."""
    found = np.zeros((groups, on.shape[1]))
    np.add.at(found, group, on)
    return found


def groups_of(serves: Sequence[frozenset[int]], queues: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Group of each person, and which group serves which queue; people of the same queues are one group."""
    known: dict[frozenset[int], int] = {}
    group = np.array([known.setdefault(one, len(known)) for one in serves], np.int64)
    served = np.zeros((len(known), queues), np.bool_)
    for one, place in known.items():
        served[place, list(one)] = True
    return group, served
