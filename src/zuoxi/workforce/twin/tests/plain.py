# SPDX-License-Identifier: Apache-2.0
"""The same rules once more in plain Python, slowly, with every event in one list: the fast loop is held against it.

It draws the same random numbers, so each call has to fare the same to the last digit.
"""

from __future__ import annotations

import heapq
import math

_MASK = 2**64 - 1
_GOLD = 0x9E3779B97F4A7C15


def mixed(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def drawn(base, which):
    return ((mixed((base + _GOLD * which) & _MASK) >> 11) + 0.5) / 2**53


def lasting(base, which, mean, cv):
    if cv == 1:
        return -mean * math.log(drawn(base, which))
    if cv == 0:
        return mean
    spread = math.log1p(cv * cv)
    normal = math.sqrt(-2 * math.log(drawn(base, which))) * math.cos(2 * math.pi * drawn(base, which + 1))
    return mean * math.exp(math.sqrt(spread) * normal - 0.5 * spread)


def _value(values, length, at):
    return values[min(int(at // length), len(values) - 1)]


def _arrivals(scenario, place, seed):
    """(time, base) of the queue's own calls, by walking through its rate."""
    queue = scenario.queues[place]
    stream = mixed((seed + _GOLD * (place + 1)) & _MASK)
    now, number = 0.0, 0
    while True:
        need = -math.log(drawn(stream, 2 * number))
        while True:
            step = int(now // queue.interval_seconds + 1e-9)
            listed = queue.arrivals_per_interval
            rate = (
                listed[0] if len(listed) == 1 else listed[step] if step < len(listed) else 0
            ) / queue.interval_seconds
            end = min((step + 1) * queue.interval_seconds, scenario.horizon_seconds)
            if rate and need <= rate * (end - now):
                now += need / rate
                break
            need -= rate * (end - now)
            now = end
            if now >= scenario.horizon_seconds:
                return
        number += 1
        yield now, mixed(stream ^ mixed((_GOLD * (2 * number + 1)) & _MASK))


def _listed(scenario, seed):
    """(time, place, base, handling, patience) of the calls that are known to the second."""
    own = mixed((seed + _GOLD * (len(scenario.queues) + 1)) & _MASK)
    rows = []
    for place, queue in enumerate(scenario.queues):
        for number, at in enumerate(queue.listed_at):
            handling = queue.listed_aht_seconds[number] if queue.listed_aht_seconds else None
            patience = queue.listed_patience[number] if queue.listed_patience else None
            rows.append((at, place, handling, patience))
    for number, (at, place, handling, patience) in enumerate(sorted(rows, key=lambda one: one[0])):
        yield at, place, mixed(own ^ mixed((_GOLD * (2 * number + 1)) & _MASK)), handling, patience


def played(scenario, seed):
    """Every call as (entered, wait, queue, group or −1), in order of entering."""
    events, serial = [], 0

    def push(at, rank, *what):
        nonlocal serial
        serial += 1
        heapq.heappush(events, (at, rank, serial, *what))

    for place in range(len(scenario.queues)):
        for at, base in _arrivals(scenario, place, seed):
            push(at, 2, "call", place, base)
    known = {}
    for at, place, base, handling, patience in _listed(scenario, seed):
        if 0 <= at < scenario.horizon_seconds:
            push(at, 2, "call", place, base)
            known[base] = handling, patience
    for group in scenario.groups:
        for step in range(1, len(group.agents_per_interval)):
            if step * group.interval_seconds < scenario.horizon_seconds:
                push(step * group.interval_seconds, 0, "plan")
    busy, waiting, story, now = [0] * len(scenario.groups), [], [], 0.0

    def planned(g):
        one = scenario.groups[g]
        return _value(one.agents_per_interval, one.interval_seconds, min(now, scenario.horizon_seconds - 1e-6))

    def takes(g, q):
        return scenario.takes(scenario.groups[g], scenario.queues[q])

    def breadth(g):
        return sum(takes(g, q) for q in range(len(scenario.queues)))

    def leaves(at, q, base):
        """(patience, (after how long he comes again, base) or None) of a caller who gives up; None: he never does."""
        queue = scenario.queues[q]
        if queue.patience_seconds is None:
            return None
        patience = lasting(base, 3, queue.patience_seconds, queue.patience_cv)
        _handling, least = known.get(base, (None, None))
        if least is not None:
            patience = least if least >= 0 else patience - least
        patient = patience > queue.callback_after_seconds
        if queue.callback_share and patient and drawn(base, 7) < queue.callback_share:
            return None
        again = None
        if queue.retry_share and drawn(base, 5) < queue.retry_share:
            after = -queue.retry_after_seconds * math.log(drawn(base, 6))
            again = (after, mixed((base + _GOLD * 9) & _MASK))
        return patience, again

    def answer(call, g):
        at, q, base = call
        queue = scenario.queues[q]
        gives_up = leaves(at, q, base)
        if gives_up is not None and queue.ring_seconds and at + gives_up[0] < now + queue.ring_seconds:
            busy[g] += 1
            gone = at + gives_up[0]
            story.append((at, gives_up[0], q, -1))
            push(gone, 1, "free", g)
            if gives_up[1] is not None and gone + gives_up[1][0] < scenario.horizon_seconds:
                push(gone + gives_up[1][0], 1, "call", q, gives_up[1][1])
            return
        handling, _patience = known.get(base, (None, None))
        seconds = lasting(base, 1, _value(queue.aht_seconds, queue.interval_seconds, now), queue.aht_cv)
        seconds = seconds if handling is None else handling
        seconds *= scenario.groups[g].pace
        busy[g] += 1
        story.append((at, now - at + queue.ring_seconds, q, g))
        seconds += queue.ring_seconds
        push(now + seconds, 1, "free", g)
        if queue.transfer_share and drawn(base, 8) < queue.transfer_share:
            to = [one.id for one in scenario.queues].index(queue.transfer_to)
            push(now + seconds, 1, "call", to, mixed((base + _GOLD * 9) & _MASK))

    def serve(g):
        while busy[g] < planned(g):
            mine = [one for one in waiting if takes(g, one[1])]
            if not mine:
                return
            first = min(mine, key=lambda one: (scenario.queues[one[1]].priority, one[0]))
            waiting.remove(first)
            answer(first, g)

    while events:
        now, _rank, _serial, what, *rest = heapq.heappop(events)
        if what == "plan":
            for g in range(len(busy)):
                serve(g)
        elif what == "free":
            busy[rest[0]] -= 1
            serve(rest[0])
        elif what == "gone":
            call, again = rest
            if call in waiting:
                waiting.remove(call)
                story.append((call[0], now - call[0], call[1], -1))
                if again is not None and now + again[0] < scenario.horizon_seconds:
                    push(now + again[0], 1, "call", call[1], again[1])
        else:
            q, base = rest
            _queue, call = scenario.queues[q], (now, *rest)
            idle = [g for g in range(len(busy)) if takes(g, q) and busy[g] < planned(g)]
            if idle:
                answer(call, min(idle, key=lambda g: (breadth(g), busy[g] - planned(g))))
                continue
            waiting.append(call)
            gives_up = leaves(now, q, base)
            if gives_up is not None:
                push(now + gives_up[0], 0, "gone", call, gives_up[1])
    return sorted(story)
