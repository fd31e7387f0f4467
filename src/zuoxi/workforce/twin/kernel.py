# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: PLR0912, PLR0915, PLR0917 - one loop over plain arrays is what the compiler makes fast
"""The event loop, compiled. Importing this module costs most of a second: import it where it is about to be used.

Events that lie ahead stand in a binary heap: agents who become free, and callers who come again or are passed on.
Callers who give up need no event: whoever looks at a queue's head drops those whose patience has ended. Every call has
its own random numbers, made from its queue and its number (SplitMix64), so that two scenarios meet the same callers
and differ by what was changed alone.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from zuoxi.workforce.twin.heap import popped, pushed
from zuoxi.workforce.twin.luck import (
    CHILD,
    COMES_AFTER,
    COMES_AGAIN,
    GOLD,
    HANDLING,
    PASSED_ON,
    PATIENT,
    WANTS_CALLBACK,
    compiled,
    drawn,
    lasting,
    mixed,
)
from zuoxi.workforce.twin.tables import (
    ABANDONED,
    AGAIN,
    AHT_CV,
    ANSWERED,
    CALLBACK,
    CALLBACK_AFTER,
    CALLED_BACK,
    HANDLED,
    LEFT,
    MOVED_IN,
    OFFERED,
    PATIENCE,
    PATIENCE_CV,
    RETRY,
    RETRY_AFTER,
    RING,
    TALK_SHARE,
    TALLY,
    THRESHOLD,
    TRANSFER,
    TRANSFER_TO,
    WAITED,
    WAITED_ANSWERED,
    WITHIN,
)


@compiled
def next_call(base: Any, number: Any, now: Any, stretch: Any, edges: Any, rates: Any, queue: Any) -> Any:
    """When the queue's next call comes, and in which stretch; infinite when no further one does."""
    need = -math.log(drawn(base, 2 * number))
    last = rates.shape[0]
    while stretch < last:
        rate = rates[stretch, queue]
        room = rate * (edges[stretch + 1] - now)
        if need <= room and rate > 0.0:
            return now + need / rate, stretch
        need -= room
        now = edges[stretch + 1]
        stretch += 1
    return np.inf, stretch


@compiled
def run(
    seed: Any, warmup: Any, edges: Any, rates: Any, handle: Any, staff: Any, pace: Any, traits: Any,
    priority: Any, serves: Any, takers: Any, trace: Any,
) -> Any:  # fmt: skip
    """Play once. `trace` takes (entered, wait, queue, group or −1 who gave up) for as many calls as it has rows.

    Returns the tally by stretch and queue, seconds busy by group, seconds beyond the plan by group, calls played, and
    the rows of the trace that were written.
    """
    stretches, queues = rates.shape
    groups = staff.shape[1]
    horizon = edges[stretches]
    tally = np.zeros((stretches, queues, TALLY))
    busy_seconds, over_seconds = np.zeros(groups), np.zeros(groups)
    busy = np.zeros(groups, np.int64)
    target = staff[0].copy()
    over_since = np.zeros(groups)

    width = np.zeros(groups, np.int64)
    for g in range(groups):
        for j in range(serves.shape[1]):
            width[g] += serves[g, j] >= 0
    most = 0
    for g in range(groups):
        peak = 0
        for s in range(stretches):
            peak = max(peak, staff[s, g])
        most += peak
    pool = 2 * most + 64
    times = np.empty(most + pool + 8)
    codes = np.empty(most + pool + 8, np.int64)
    size = 0
    again_queue = np.empty(pool, np.int64)
    again_base = np.empty(pool, np.uint64)
    again_kind = np.empty(pool, np.int64)  # 0 cancelled, 1 comes again, 2 passed on
    free = np.arange(pool)
    free_count = pool

    cap = 64
    line_at = np.empty((queues, cap))
    line_until = np.empty((queues, cap))
    line_base = np.empty((queues, cap), np.uint64)
    line_stretch = np.empty((queues, cap), np.int64)
    line_again = np.empty((queues, cap), np.int64)
    line_back = np.empty((queues, cap), np.int64)
    head = np.zeros(queues, np.int64)
    count = np.zeros(queues, np.int64)

    stream = np.empty(queues, np.uint64)
    number = np.zeros(queues, np.int64)
    coming = np.empty(queues)
    coming_in = np.zeros(queues, np.int64)
    for q in range(queues):
        stream[q] = mixed(np.uint64(seed) + GOLD * np.uint64(q + 1))
        coming[q], coming_in[q] = next_call(stream[q], 0, 0.0, 0, edges, rates, q)

    stretch, calls, traced, moment = 0, 0, 0, 0.0
    while True:
        # What comes first: a change of plan, an event of the heap, or a call.
        who = 0
        call_at = coming[0]
        for q in range(1, queues):
            if coming[q] < call_at:
                call_at = coming[q]
                who = q
        heap_at = times[0] if size > 0 else np.inf
        edge_at = edges[stretch + 1] if stretch + 1 < stretches else np.inf
        entering = -1
        first_group, last_group = 0, -1
        base = np.uint64(0)
        again = 0

        if edge_at <= heap_at and edge_at <= call_at:
            if edge_at == np.inf:
                break
            moment = edge_at
            stretch += 1
            for g in range(groups):
                if busy[g] > target[g] and moment > warmup:
                    over_seconds[g] += (busy[g] - target[g]) * (moment - max(over_since[g], warmup))
                target[g] = staff[stretch, g]
                over_since[g] = moment
            first_group, last_group = 0, groups - 1
        elif heap_at <= call_at:
            moment = heap_at
            code = codes[0]
            size = popped(times, codes, size)
            if code < groups:
                if busy[code] > target[code]:
                    begin, end = max(over_since[code], warmup), min(moment, horizon)
                    if end > begin:
                        over_seconds[code] += (busy[code] - target[code]) * (end - begin)
                    over_since[code] = moment
                busy[code] -= 1
                first_group, last_group = code, code
            else:
                slot = code - groups
                if again_kind[slot] > 0 and (moment < horizon or again_kind[slot] == 2):
                    entering, base, again = again_queue[slot], again_base[slot], again_kind[slot]
                free[free_count] = slot
                free_count += 1
        else:
            moment = call_at
            entering = who
            number[who] += 1
            base = mixed(stream[who] ^ mixed(GOLD * np.uint64(2 * number[who] + 1)))
            coming[who], coming_in[who] = next_call(stream[who], number[who], moment, coming_in[who], edges, rates, who)

        if free_count < most + 8:  # room for those who come again: no event begins more calls than that
            times, codes = _longer(times, most + 2 * pool + 8), _longer(codes, most + 2 * pool + 8)
            again_queue, again_kind = _longer(again_queue, 2 * pool), _longer(again_kind, 2 * pool)
            again_base, free = _longer(again_base, 2 * pool), _longer(free, 2 * pool)
            for slot in range(pool, 2 * pool):
                free[free_count] = slot
                free_count += 1
            pool *= 2

        if entering >= 0:
            calls += 1
            q = entering
            if moment >= warmup:
                tally[stretch, q, OFFERED] += 1
                if again == 1:
                    tally[stretch, q, AGAIN] += 1
                elif again == 2:
                    tally[stretch, q, MOVED_IN] += 1
            found, best = -1, 0
            for j in range(takers.shape[1]):  # narrowest skills first; among those the group with most people idle
                g = takers[q, j]
                if g < 0 or (found >= 0 and width[g] > width[found]):
                    break
                if target[g] - busy[g] > best:
                    found, best = g, target[g] - busy[g]
            until, back, slot = np.inf, 0, -1
            if found >= 0:
                first_group, last_group = found, found
            elif traits[q, PATIENCE] < np.inf:
                until = moment + lasting(base, PATIENT, traits[q, PATIENCE], traits[q, PATIENCE_CV])
                if (
                    traits[q, CALLBACK] > 0.0
                    and until > moment + traits[q, CALLBACK_AFTER]
                    and drawn(base, WANTS_CALLBACK) < traits[q, CALLBACK]
                ):
                    until, back = np.inf, 1
                elif traits[q, RETRY] > 0.0 and drawn(base, COMES_AGAIN) < traits[q, RETRY]:
                    free_count -= 1
                    slot = free[free_count]
                    again_queue[slot], again_kind[slot] = q, 1
                    again_base[slot] = mixed(base + GOLD * np.uint64(CHILD))
                    after = -traits[q, RETRY_AFTER] * math.log(drawn(base, COMES_AFTER))
                    size = pushed(times, codes, size, until + after, groups + slot)
            if count[q] == cap:
                line_at = _unrolled(line_at, head, count, cap)
                line_until = _unrolled(line_until, head, count, cap)
                line_base = _unrolled(line_base, head, count, cap)
                line_stretch = _unrolled(line_stretch, head, count, cap)
                line_again = _unrolled(line_again, head, count, cap)
                line_back = _unrolled(line_back, head, count, cap)
                for place in range(queues):
                    head[place] = 0
                cap *= 2
            place = (head[q] + count[q]) & (cap - 1)
            line_at[q, place], line_until[q, place], line_base[q, place] = moment, until, base
            line_stretch[q, place], line_again[q, place], line_back[q, place] = stretch, slot, back
            count[q] += 1

        # Agents who are free now take who waits: by priority, then by the longest wait.
        for g in range(first_group, last_group + 1):
            while busy[g] < target[g]:
                chosen, since, level = -1, np.inf, 0
                for j in range(serves.shape[1]):
                    q = serves[g, j]
                    if q < 0 or (chosen >= 0 and priority[q] != level):
                        break
                    while count[q] > 0 and line_until[q, head[q]] <= moment:
                        traced = _give_up(q, head[q], warmup, tally, line_at, line_until, line_stretch, trace, traced)
                        head[q] = (head[q] + 1) & (cap - 1)
                        count[q] -= 1
                    if count[q] > 0 and line_at[q, head[q]] < since:
                        chosen, since, level = q, line_at[q, head[q]], priority[q]
                if chosen < 0:
                    break
                place = head[chosen]
                entered, wait = line_stretch[chosen, place], moment - since + traits[chosen, RING]
                counted = since >= warmup
                if counted:
                    tally[entered, chosen, ANSWERED] += 1
                    tally[entered, chosen, WAITED] += wait
                    tally[entered, chosen, WAITED_ANSWERED] += wait
                    if wait <= traits[chosen, THRESHOLD]:
                        tally[entered, chosen, WITHIN] += 1
                    if line_back[chosen, place] == 1 and wait > traits[chosen, CALLBACK_AFTER]:
                        tally[entered, chosen, CALLED_BACK] += 1
                if line_again[chosen, place] >= 0:
                    again_kind[line_again[chosen, place]] = 0
                if traced < trace.shape[0]:
                    trace[traced, 0], trace[traced, 1] = since, wait
                    trace[traced, 2], trace[traced, 3] = chosen, g
                    traced += 1
                head[chosen] = (place + 1) & (cap - 1)
                count[chosen] -= 1
                size, free_count = _begin(
                    chosen, g, moment, line_base[chosen, place], stretch, warmup, horizon, handle, pace, traits, tally,
                    busy, busy_seconds, times, codes, size, again_queue, again_base, again_kind, free, free_count,
                    groups, counted, entered,
                )  # fmt: skip

    for q in range(queues):  # the doors are shut and nobody is left to answer: who could give up did
        for step in range(count[q]):
            place = (head[q] + step) & (cap - 1)
            if line_until[q, place] < np.inf:
                traced = _give_up(q, place, warmup, tally, line_at, line_until, line_stretch, trace, traced)
            elif line_at[q, place] >= warmup:
                tally[line_stretch[q, place], q, LEFT] += 1
    return tally, busy_seconds, over_seconds, calls, traced


@compiled
def _longer(line: Any, length: Any) -> Any:
    found = np.empty(length, line.dtype)
    for place in range(line.shape[0]):
        found[place] = line[place]
    return found


@compiled
def _unrolled(line: Any, head: Any, count: Any, cap: Any) -> Any:
    """The rings twice as long, each beginning at its head."""
    found = np.empty((line.shape[0], 2 * cap), line.dtype)
    for q in range(line.shape[0]):
        for step in range(count[q]):
            found[q, step] = line[q, (head[q] + step) & (cap - 1)]
    return found


@compiled
def _give_up(
    q: Any, place: Any, warmup: Any, tally: Any, line_at: Any, line_until: Any, line_stretch: Any, trace: Any,
    traced: Any,
) -> Any:  # fmt: skip
    wait = line_until[q, place] - line_at[q, place]
    if line_at[q, place] >= warmup:
        tally[line_stretch[q, place], q, ABANDONED] += 1
        tally[line_stretch[q, place], q, WAITED] += wait
    if traced < trace.shape[0]:
        trace[traced, 0], trace[traced, 1], trace[traced, 2], trace[traced, 3] = line_at[q, place], wait, q, -1.0
        return traced + 1
    return traced


@compiled
def _begin(
    q: Any, g: Any, moment: Any, base: Any, stretch: Any, warmup: Any, horizon: Any, handle: Any, pace: Any,
    traits: Any, tally: Any, busy: Any, busy_seconds: Any, times: Any, codes: Any, size: Any, again_queue: Any,
    again_base: Any, again_kind: Any, free: Any, free_count: Any, groups: Any, counted: Any, entered: Any,
) -> Any:  # fmt: skip
    """An agent of the group takes the call; returns how many events and free slots there are now."""
    seconds = lasting(base, HANDLING, handle[stretch, q], traits[q, AHT_CV]) * pace[stretch, g]
    taken = seconds + traits[q, RING]
    busy[g] += 1
    begin, end = max(moment, warmup), min(moment + taken, horizon)
    if end > begin:
        busy_seconds[g] += end - begin
    if counted:
        tally[entered, q, HANDLED] += seconds
    size = pushed(times, codes, size, moment + taken, g)
    if traits[q, TRANSFER] > 0.0 and drawn(base, PASSED_ON) < traits[q, TRANSFER]:
        free_count -= 1
        slot = free[free_count]
        again_queue[slot], again_kind[slot] = np.int64(traits[q, TRANSFER_TO]), 2
        again_base[slot] = mixed(base + GOLD * np.uint64(CHILD))
        size = pushed(times, codes, size, moment + traits[q, RING] + seconds * traits[q, TALK_SHARE], groups + slot)
    return size, free_count
