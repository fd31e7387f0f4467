# SPDX-License-Identifier: Apache-2.0
"""The rest of a day from what has arrived so far.

How far counts lie from what was forecast is taken for three parts: what holds the whole day, what passes with a
half-life, and plain chance. How large they are is learnt from the past days' misses and how they go together at every
distance in time; what has come then gives the best linear guess of the rest (and how much surer the rest is), each
interval weighed by its calls. How far the rest of past days did follow such guesses draws it in or out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from zuoxi.workforce.forecasting.series import MINUTES_A_DAY, Bools, Floats, Ints

_LEAST: Final = 14
_FEW: Final = 0.5  # calls expected, at least, of an interval that says something
_HALF_LIVES: Final = (30.0, 60.0, 120.0, 240.0, 500.0, 1000.0)  # minutes
_AGE: Final = 120.0  # days
_CAP: Final = 2.5  # robust standard deviations
_CAP_TODAY: Final = 4.0
_LEAST_SINGLE: Final = 0.7
_TRUST: Final = 12.0  # days whose worth the guess itself has, against how past days followed it
_MOST: Final = 4.5
_DOUBT: Final = 3.0  # days that weigh as much as what is usual


@dataclass(frozen=True, slots=True)
class Course:
    """Shares of the level squared that hold the day (`level`) and that pass (`passing`, half of it gone after
    `half_life` minutes); chance is `single` times what it would be of plain counts. `follows`: by interval now at
    hand, the share of the guess that past days bore out; one where it was not learnt."""

    level: float = 0.02
    passing: float = 0.01
    half_life: float = 120.0
    single: float = 1.3
    follows: Sequence[float] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "passing": self.passing,
            "half_life": self.half_life,
            "single": self.single,
            "follows": [round(one, 3) for one in self.follows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Course:
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})


@dataclass(frozen=True, slots=True)
class Brought:
    """The day's means with the rest brought up to date, and by interval how wide its band is against before."""

    mean: Floats
    width: Floats


def brought_up(mean: Floats, came: Floats, now: int, course: Course, begun: float = 0.0) -> Brought:
    """`mean`: what was forecast of the day, by interval; `came` what was counted (nan: unknown) before interval `now`,
    and of that one itself, if a part of it (`begun`) has passed. What lies before `now` is left as it was forecast."""
    same = Brought(mean, np.ones(len(mean)))
    if not 0 <= now < len(mean):
        return same
    sofar = mean.copy()
    sofar[now] *= begun
    seen = _seen(sofar, came, now + (begun > 0))
    if not len(seen):
        return same
    gain, narrower = _gain(mean, seen, sofar[seen], course)
    chance = np.sqrt(_variance(sofar[seen], course))
    rest = np.clip(came[seen] - sofar[seen], -_CAP_TODAY * chance, _CAP_TODAY * chance)
    follows = course.follows[now] if now < len(course.follows) else 1.0
    factor = np.clip(1 + follows * (gain @ rest), 1 / _MOST, _MOST)
    after = np.arange(len(mean)) >= now
    width = np.where(after, 1 - min(max(follows, 0.0), 1.0) * (1 - narrower), 1.0)
    return Brought(np.where(after, mean * factor, mean), width)


def updated(mean: Floats, came: Floats, now: int, past_means: Floats, past_counts: Floats) -> Floats:
    """The same with what the past days teach: days × intervals forecast a day ahead and what came, oldest first."""
    if now <= 0 or now >= len(mean) or np.isnan(came[:now]).all():
        return mean
    return brought_up(mean, came, now, learnt(past_means, past_counts, [now])).mean


def learnt(means: Floats, counts: Floats, moments: Sequence[int] | None = None) -> Course:
    """From days × intervals forecast a day ahead and what came, oldest first; `moments`: the intervals at which days
    may be brought up to date (None: every one)."""
    known = ~np.isnan(counts) & (means > _FEW)
    days = known.any(axis=1)
    if days.sum() < _LEAST:
        return Course()
    known, means, counts = known[days], means[days], counts[days]
    off, level = _capped(means, counts, known), np.where(known, means, 0.0)
    weight = 0.5 ** ((len(off) - 1 - np.arange(len(off))) / _AGE)[:, None]
    course = _with_doubt(_parts(off, level, weight), int(days.sum()))
    return replace(course, follows=_follows(level, off, weight[:, 0], course, moments))


def _seen(mean: Floats, came: Floats, now: int) -> Ints:
    return np.flatnonzero(~np.isnan(came[:now]) & (mean[:now] > _FEW))


def _capped(means: Floats, counts: Floats, known: Bools) -> Floats:
    """Misses, the largest ones (outages, days without a name) cut off."""
    spread = np.sqrt(1.3 * means + (0.2 * means) ** 2) + 1e-9
    off = np.where(known, np.nan_to_num(counts) - means, 0.0)
    usual = 1.4826 * float(np.median(np.abs(off[known]) / spread[known]))
    return np.asarray(np.clip(off, -_CAP * usual * spread, _CAP * usual * spread))


def _parts(off: Floats, level: Floats, weight: Floats) -> Course:
    """The course whose covariance over time fits that of the misses best; the level's share, lag by lag."""
    slots = off.shape[1]
    lags = np.arange(1, max(2, slots * 9 // 10))
    pairs = np.array([float((level[:, :-lag] * level[:, lag:] * weight).sum()) for lag in lags])
    together = np.array([float((off[:, :-lag] * off[:, lag:] * weight).sum()) for lag in lags])
    lags, together, pairs = lags[pairs > 0], together[pairs > 0], pairs[pairs > 0]
    minutes = MINUTES_A_DAY / slots
    best, found = np.inf, Course()
    for half_life in _HALF_LIVES:
        fades = 0.5 ** (lags * minutes / half_life)
        shares = _at_least_nought(np.stack([np.ones(len(lags)), fades]), together / pairs, pairs)
        miss = float((pairs * (shares[0] + shares[1] * fades - together / pairs) ** 2).sum()) if len(lags) else 0.0
        if miss < best:
            best, found = miss, Course(shares[0], shares[1], half_life)
    left = float((weight * (off**2 - (found.level + found.passing) * level**2)).sum())
    single = left / max(float((weight * level).sum()), 1e-9)
    return Course(found.level, found.passing, found.half_life, max(single, _LEAST_SINGLE))


def _with_doubt(course: Course, days: int) -> Course:
    """Days that all went as forecast do not prove that the next one will."""
    usual, share = Course(), _DOUBT / (days + _DOUBT)
    return replace(
        course,
        level=(1 - share) * course.level + share * usual.level,
        passing=(1 - share) * course.passing + share * usual.passing,
    )


def _at_least_nought(causes: Floats, aim: Floats, weight: Floats) -> tuple[float, float]:
    """Two shares by weighted least squares, neither below nought."""
    if not len(aim):
        return 0.0, 0.0
    grams = (causes * weight) @ causes.T + 1e-9 * weight.sum() * np.eye(2)
    first, second = np.linalg.solve(grams, (causes * weight) @ aim)
    alone = np.maximum(((causes * weight) @ aim) / np.maximum(((causes**2) * weight).sum(axis=1), 1e-12), 0.0)
    if first < 0:
        first, second = 0.0, alone[1]
    elif second < 0:
        first, second = alone[0], 0.0
    return float(first), float(second)


def _covariance(slots: int, course: Course) -> Floats:
    """Of the relative misses, without chance."""
    place = np.arange(slots) * (MINUTES_A_DAY / slots)
    return np.asarray(course.level + course.passing * 0.5 ** (np.abs(place[:, None] - place) / course.half_life))


def _variance(mean: Floats, course: Course) -> Floats:
    return np.asarray((course.level + course.passing) * mean**2 + course.single * mean)


def _gain(mean: Floats, seen: Ints, level: Floats, course: Course) -> tuple[Floats, Floats]:
    """Intervals × seen ones (`level` expected in them): how much each call more than expected raises each interval, as
    a share of it; and by interval the standard deviation of its count against that before."""
    whole = _covariance(len(mean), course)
    told = whole[np.ix_(seen, seen)] * level[:, None] * level + np.diag(course.single * level)
    cross = whole[:, seen] * level
    gain = np.linalg.solve(told, cross.T).T
    less = np.maximum(1 - (gain * cross).sum(axis=1) * mean**2 / np.maximum(_variance(mean, course), 1e-9), 0.01)
    return np.asarray(gain), np.asarray(np.sqrt(less))


def _follows(level: Floats, off: Floats, weight: Floats, course: Course, moments: Sequence[int] | None) -> list[float]:
    """By interval at hand: the slope of what the rest of past days did on what would have been guessed."""
    slots = level.shape[1]
    found = [1.0] * slots
    usual = level.sum(axis=0) / np.maximum((level > 0).sum(axis=0), 1)
    for now in range(1, slots) if moments is None else moments:
        seen = np.flatnonzero(usual[:now] > _FEW)
        if now >= slots or not len(seen) or not usual[now:].any():
            continue
        gain, _narrower = _gain(usual, seen, usual[seen], course)
        scale = usual[seen] / np.maximum(level[:, seen], _FEW)
        said = ((off[:, seen] * scale) @ gain[now:].T * level[:, now:]).sum(axis=1)
        did = off[:, now:].sum(axis=1)
        trust = _TRUST * float((weight * said**2).sum()) / max(float(weight.sum()), 1e-9)
        slope = (float((weight * said * did).sum()) + trust) / max(float((weight * said**2).sum()) + trust, 1e-12)
        found[now] = float(np.clip(slope, 0.0, 1.0)) if trust > 0 else 1.0
    return found
