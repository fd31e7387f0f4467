# SPDX-License-Identifier: Apache-2.0
"""What is to be played: queues with their calls, groups with their agents, and for how long.

Times are seconds from the scenario's begin. `skills`: a group takes a queue's calls when it has every skill the queue
asks for. Priority 1 goes before 2; among equals the longest wait goes first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from zuoxi.workforce.staffing_input import BadInput

DEFAULT_INTERVAL: Final = 1800.0
DEFAULT_THRESHOLD: Final = 20.0


class BadScenario(BadInput):
    """A scenario that cannot be played; `field` is the path of what is wrong, `queues[0].aht_seconds`."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Calls of one kind. `patience_seconds` None: callers wait for ever.

    `arrivals_per_interval` are expected calls; `aht_seconds` talk and wrap-up together, one figure or one for each
    interval; `*_cv` the coefficient of variation: 1 exponential, 0 always the mean, else lognormal. `volume_cv` is how
    much whole days differ from what was expected; `ring_seconds` the time from finding an agent to the answer: the
    caller waits and the agent is taken. `listed_at` are calls known to the second (a past day's own), which come
    beside those drawn; `listed_aht_seconds` how long each of them took, None or no list at all: drawn;
    `listed_patience` when each gives up, below nought: not before so many seconds, and then as patience is drawn.
    """

    id: str
    arrivals_per_interval: tuple[float, ...]
    interval_seconds: float = DEFAULT_INTERVAL
    aht_seconds: tuple[float, ...] = (180.0,)
    aht_cv: float = 1.0
    patience_seconds: float | None = None
    patience_cv: float = 1.0
    priority: int = 1
    service_threshold_seconds: float = DEFAULT_THRESHOLD
    skills: tuple[str, ...] = ()
    wrap_up_seconds: float = 0.0
    ring_seconds: float = 0.0
    listed_at: tuple[float, ...] = ()
    listed_aht_seconds: tuple[float | None, ...] = ()
    listed_patience: tuple[float | None, ...] = ()
    retry_share: float = 0.0
    retry_after_seconds: float = 300.0
    callback_share: float = 0.0
    callback_after_seconds: float = 60.0
    transfer_share: float = 0.0
    transfer_to: str = ""
    volume_cv: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """Agents who have the same skills. Who is over when the number falls finishes the call at hand and then leaves.

    `absence` is the share that does not come that day; `adherence` the share of the time in which those who came are
    where the plan has them; `break_share` the share of it in breaks that are not in the numbers. `pace` stretches the
    handling times (1.3: a third slower), and wears off with a half-life of `learning_days`.
    """

    id: str
    skills: tuple[str, ...]
    agents_per_interval: tuple[int, ...]
    interval_seconds: float = DEFAULT_INTERVAL
    absence: float = 0.0
    adherence: float = 1.0
    break_share: float = 0.0
    pace: float = 1.0
    learning_days: float | None = None
    hour_cost: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Calls that enter from `warmup_seconds` to `horizon_seconds` count; those before only fill the house."""

    queues: tuple[Queue, ...]
    groups: tuple[Group, ...]
    horizon_seconds: float
    warmup_seconds: float = 0.0
    name: str = ""
    notes: tuple[str, ...] = field(default=(), compare=False)

    def takes(self, group: Group, queue: Queue) -> bool:
        return set(queue.skills) <= set(group.skills)

    def with_groups(self, groups: tuple[Group, ...]) -> Scenario:
        return replace(self, groups=groups)
