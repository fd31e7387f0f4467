# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: PLR0912, PLR0915, PLR0917 - one loop over plain arrays is what the compiler makes fast
"""The event loop, compiled. Importing this module costs most of a second: import it where it is about to be used.

Every agent is a leaf of one tournament, whose root is who becomes free next; a free agent's time is infinite. Callers
who come again or are passed on stand in a heap. Callers who give up need no event: whoever looks at a queue's head
drops those whose patience has ended. Nothing grows while it runs: where the room given is too small, the loop says so,
and the caller gives more (see `run`). Every call has its own random numbers, made from its queue and its number
(SplitMix64), so that two scenarios meet the same callers and differ by what was changed alone.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from zuoxi.workforce.twin.heap import popped, pushed, rematched
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
    next_call,
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
def run(
    seed: Any, warmup: Any, edges: Any, rates: Any, handle: Any, staff: Any, pace: Any, traits: Any,
    priority: Any, serves: Any, takers: Any, listed: Any, listed_queue: Any, room: Any, trace: Any,
) -> Any:  # fmt: skip
    """Play once. `listed`: calls that come beside those drawn, (entered, seconds of handling or nan: drawn, patience or
    nan: drawn or below nought: so much longer than drawn), in order, with their queues. `room`: how many callers may
    wait in a queue (a power of two), and how many may come again or be passed on. `trace` takes (entered, wait, queue,
    group or −1 who gave up) for as many calls as it has rows.

    Returns the tally by stretch and queue, seconds busy by group, seconds beyond the plan by group, calls played, the
    rows of the trace that were written, and which room was too small (0: none, 1: waiting, 2: coming again): then
    nothing else holds, and the same play has to be begun with more.
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
    leaves = 2
    while leaves < most:
        leaves *= 2
    free_at = np.full(2 * leaves, np.inf)
    free_who = np.zeros(2 * leaves, np.int64)
    for place in range(leaves):
        free_who[leaves + place] = place
    for place in range(leaves - 1, 0, -1):
        free_who[place] = free_who[2 * place]
    idle, idle_count, group_of = np.empty(leaves, np.int64), np.zeros(groups, np.int64), np.zeros(leaves, np.int64)
    idle_from = np.zeros(groups, np.int64)
    leaf = 0
    for g in range(groups):
        peak = 0
        for s in range(stretches):
            peak = max(peak, staff[s, g])
        idle_from[g] = leaf
        idle[leaf : leaf + peak] = np.arange(leaf, leaf + peak)
        group_of[leaf : leaf + peak] = g
        leaf += peak
        idle_count[g] = peak

    pool = room[1]
    times, codes, size = np.empty(pool + 1), np.empty(pool + 1, np.int64), 0
    again_queue = np.empty(pool, np.int64)
    again_base = np.empty(pool, np.uint64)
    again_kind = np.empty(pool, np.int64)  # 0 cancelled, 1 comes again, 2 passed on
    slots = np.arange(pool)
    slot_count = pool

    cap = room[0]
    line_at = np.empty((queues, cap))
    line_until = np.empty((queues, cap))
    line_base = np.empty((queues, cap), np.uint64)
    line_stretch = np.empty((queues, cap), np.int64)
    line_again = np.empty((queues, cap), np.int64)
    line_back = np.empty((queues, cap), np.int64)
    line_listed = np.empty((queues, cap), np.int64)
    head = np.zeros(queues, np.int64)
    count = np.zeros(queues, np.int64)

    stream = np.empty(queues, np.uint64)
    number = np.zeros(queues, np.int64)
    coming = np.empty(queues)
    coming_in = np.zeros(queues, np.int64)
    for q in range(queues):
        stream[q] = mixed(np.uint64(seed) + GOLD * np.uint64(q + 1))
        coming[q], coming_in[q] = next_call(stream[q], 0, 0.0, 0, edges, rates, q)
    who, call_at = 0, coming[0]
    for q in range(1, queues):
        if coming[q] < call_at:
            call_at, who = coming[q], q

    stretch, calls, traced, moment, narrow = 0, 0, 0, 0.0, 0
    edge_at = edges[1] if stretches > 1 else np.inf
    back_at = np.inf
    own = mixed(np.uint64(seed) + GOLD * np.uint64(queues + 1))
    listed_next, listed_count = 0, listed.shape[0]
    while listed_next < listed_count and listed[listed_next, 0] < 0.0:
        listed_next += 1
    if listed_next < listed_count and listed[listed_next, 0] < call_at:
        call_at, who = listed[listed_next, 0], queues
    while True:
        # What comes first: a change of plan, an agent who becomes free, a caller who comes back, or a call.
        free_next = free_at[1]
        entering, again, base = -1, 0, np.uint64(0)
        first_group, last_group, hot, of_list = 0, -1, -1, -1
        if free_next < edge_at and free_next <= back_at and free_next <= call_at:
            moment = free_next
            hot = free_who[1]
            g = group_of[hot]
            if busy[g] > target[g]:
                begin, end = max(over_since[g], warmup), min(moment, horizon)
                if end > begin:
                    over_seconds[g] += (busy[g] - target[g]) * (end - begin)
                over_since[g] = moment
            busy[g] -= 1
            first_group, last_group = g, g
        elif call_at < edge_at and call_at < back_at:
            moment = call_at
            if who < queues:
                entering = who
                number[who] += 1
                base = mixed(stream[who] ^ mixed(GOLD * np.uint64(2 * number[who] + 1)))
                coming[who], coming_in[who] = next_call(
                    stream[who], number[who], moment, coming_in[who], edges, rates, who
                )
            else:
                entering, of_list = listed_queue[listed_next], listed_next
                base = mixed(own ^ mixed(GOLD * np.uint64(2 * listed_next + 1)))
                listed_next += 1
            who, call_at = 0, coming[0]
            for q in range(1, queues):
                sooner = coming[q] < call_at
                call_at = coming[q] if sooner else call_at
                who = q if sooner else who
            if listed_next < listed_count and listed[listed_next, 0] < min(call_at, horizon):
                call_at, who = listed[listed_next, 0], queues
        elif edge_at <= back_at:
            if edge_at == np.inf:
                break
            moment = edge_at
            stretch += 1
            edge_at = edges[stretch + 1] if stretch + 1 < stretches else np.inf
            for g in range(groups):
                if busy[g] > target[g] and moment > warmup:
                    over_seconds[g] += (busy[g] - target[g]) * (moment - max(over_since[g], warmup))
                target[g] = staff[stretch, g]
                over_since[g] = moment
            first_group, last_group = 0, groups - 1
        else:
            moment = back_at
            slot = codes[0]
            size = popped(times, codes, size)
            back_at = times[0] if size > 0 else np.inf
            if again_kind[slot] > 0 and (moment < horizon or again_kind[slot] == 2):
                entering, base, again = again_queue[slot], again_base[slot], again_kind[slot]
            slots[slot_count] = slot
            slot_count += 1

        chosen, since, entered, back, slot, until = -1, moment, stretch, 0, -1, np.inf
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
            until = np.inf
            if (found < 0 or traits[q, RING] > 0.0) and traits[q, PATIENCE] < np.inf:
                until = moment + lasting(base, PATIENT, traits[q, PATIENCE], traits[q, PATIENCE_CV])
                if of_list >= 0 and listed[of_list, 2] >= 0.0:
                    until = moment + listed[of_list, 2]
                elif of_list >= 0 and listed[of_list, 2] < 0.0:
                    until -= listed[of_list, 2]
                if (
                    traits[q, CALLBACK] > 0.0
                    and until > moment + traits[q, CALLBACK_AFTER]
                    and drawn(base, WANTS_CALLBACK) < traits[q, CALLBACK]
                ):
                    until, back = np.inf, 1
                elif traits[q, RETRY] > 0.0 and drawn(base, COMES_AGAIN) < traits[q, RETRY]:
                    if slot_count == 0:
                        narrow = 2
                        break
                    slot_count -= 1
                    slot = slots[slot_count]
                    again_queue[slot], again_kind[slot] = q, 1
                    again_base[slot] = mixed(base + GOLD * np.uint64(CHILD))
                    after = -traits[q, RETRY_AFTER] * math.log(drawn(base, COMES_AFTER))
                    size = pushed(times, codes, size, until + after, slot)
                    back_at = times[0]
            if found >= 0:
                chosen, first_group, last_group = q, found, found
            else:
                if count[q] == cap:
                    narrow = 1
                    break
                place = (head[q] + count[q]) & (cap - 1)
                line_at[q, place], line_until[q, place], line_base[q, place] = moment, until, base
                line_stretch[q, place], line_again[q, place], line_back[q, place] = stretch, slot, back
                line_listed[q, place] = of_list
                count[q] += 1

        # Agents who are free now take who waits: by priority, then by the longest wait.
        for g in range(first_group, last_group + 1):
            direct = chosen >= 0
            while busy[g] < target[g]:
                if not direct:
                    since, level = np.inf, 0
                    for j in range(serves.shape[1]):
                        q = serves[g, j]
                        if q < 0 or (chosen >= 0 and priority[q] != level):
                            break
                        while count[q] > 0 and line_until[q, head[q]] <= moment:
                            traced = _give_up(
                                q, head[q], warmup, tally, line_at, line_until, line_stretch, trace, traced
                            )
                            head[q] = (head[q] + 1) & (cap - 1)
                            count[q] -= 1
                        if count[q] > 0 and line_at[q, head[q]] < since:
                            chosen, since, level = q, line_at[q, head[q]], priority[q]
                    if chosen < 0:
                        break
                    place = head[chosen]
                    entered, base = line_stretch[chosen, place], line_base[chosen, place]
                    back, slot = line_back[chosen, place], line_again[chosen, place]
                    of_list, until = line_listed[chosen, place], line_until[chosen, place]
                    head[chosen] = (place + 1) & (cap - 1)
                    count[chosen] -= 1
                q, chosen = chosen, -1
                if until < moment + traits[q, RING]:  # gives up while an agent is being rung
                    traced = _gone(q, since, until, entered, warmup, tally, trace, traced)
                    busy[g] += 1
                    busy_seconds[g] += max(min(until, horizon) - max(moment, warmup), 0.0)
                    if hot >= 0:
                        leaf, hot = hot, -1
                    else:
                        idle_count[g] -= 1
                        leaf = idle[idle_from[g] + idle_count[g]]
                    rematched(free_at, free_who, leaf, until)
                    if direct:
                        break
                    continue
                if slot >= 0:
                    again_kind[slot] = 0
                wait = moment - since + traits[q, RING]
                if of_list >= 0 and listed[of_list, 1] >= 0.0:
                    seconds = listed[of_list, 1] * pace[stretch, g]
                else:
                    seconds = lasting(base, HANDLING, handle[stretch, q], traits[q, AHT_CV]) * pace[stretch, g]
                taken = seconds + traits[q, RING]
                if since >= warmup:
                    tally[entered, q, ANSWERED] += 1
                    tally[entered, q, WAITED] += wait
                    tally[entered, q, WAITED_ANSWERED] += wait
                    tally[entered, q, HANDLED] += seconds
                    tally[entered, q, WITHIN] += wait <= traits[q, THRESHOLD]
                    tally[entered, q, CALLED_BACK] += back == 1 and wait > traits[q, CALLBACK_AFTER]
                if traced < trace.shape[0]:
                    trace[traced, 0], trace[traced, 1], trace[traced, 2], trace[traced, 3] = since, wait, q, g
                    traced += 1
                busy[g] += 1
                busy_seconds[g] += max(min(moment + taken, horizon) - max(moment, warmup), 0.0)
                if hot >= 0:
                    leaf, hot = hot, -1
                else:
                    idle_count[g] -= 1
                    leaf = idle[idle_from[g] + idle_count[g]]
                rematched(free_at, free_who, leaf, moment + taken)
                if traits[q, TRANSFER] > 0.0 and drawn(base, PASSED_ON) < traits[q, TRANSFER]:
                    if slot_count == 0:
                        narrow = 2
                        break
                    slot_count -= 1
                    slot = slots[slot_count]
                    again_queue[slot], again_kind[slot] = np.int64(traits[q, TRANSFER_TO]), 2
                    again_base[slot] = mixed(base + GOLD * np.uint64(CHILD))
                    size = pushed(times, codes, size, moment + traits[q, RING] + seconds * traits[q, TALK_SHARE], slot)
                    back_at = times[0]
                if direct:
                    break
        if narrow > 0:
            break
        if hot >= 0:  # nobody waited
            g = group_of[hot]
            idle[idle_from[g] + idle_count[g]] = hot
            idle_count[g] += 1
            rematched(free_at, free_who, hot, np.inf)

    for q in range(queues):  # the doors are shut and nobody is left to answer: who could give up did
        for step in range(count[q]):
            place = (head[q] + step) & (cap - 1)
            if line_until[q, place] < np.inf:
                traced = _give_up(q, place, warmup, tally, line_at, line_until, line_stretch, trace, traced)
            elif line_at[q, place] >= warmup:
                tally[line_stretch[q, place], q, LEFT] += 1
    return tally, busy_seconds, over_seconds, calls, traced, narrow


@compiled
def _give_up(
    q: Any, place: Any, warmup: Any, tally: Any, line_at: Any, line_until: Any, line_stretch: Any, trace: Any,
    traced: Any,
) -> Any:  # fmt: skip
    return _gone(q, line_at[q, place], line_until[q, place], line_stretch[q, place], warmup, tally, trace, traced)


@compiled
def _gone(
    q: Any, since: Any, until: Any, entered: Any, warmup: Any, tally: Any, trace: Any, traced: Any
) -> Any:  # fmt: skip
    if since >= warmup:
        tally[entered, q, ABANDONED] += 1
        tally[entered, q, WAITED] += until - since
    if traced < trace.shape[0]:
        trace[traced, 0], trace[traced, 1], trace[traced, 2], trace[traced, 3] = since, until - since, q, -1.0
        return traced + 1
    return traced
