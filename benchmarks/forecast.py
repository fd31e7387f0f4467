# SPDX-License-Identifier: Apache-2.0
"""Forecasts from a rolling origin, against the week before and statsforecast's MSTL + AutoETS in the same run.

    python benchmarks/forecast.py [--file arrivals.csv] [--days 56] [--no-peer]

Each of the last `--days` days is forecast from what was known the evening before (day ahead) and from what had come by
eleven (rest of the day); four weeks are forecast from each week's end. WAPE: misses over calls. Without --file: a made
series of a large centre (weekdays 7 to 21, some 33,000 calls a day), whose floor is what scatter of counts alone costs.
Every forecast tries its ways anew on the 56 days before its own origin; nothing of the day itself is known to it.
The last line is one of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
import warnings
from datetime import datetime, timedelta
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("NIXTLA_ID_AS_COL", "1")

import numpy as np  # noqa: E402 - the libraries read the number of threads when they are imported

from zuoxi.workforce.forecasting.engine import forecast  # noqa: E402
from zuoxi.workforce.forecasting.reading import read  # noqa: E402
from zuoxi.workforce.forecasting.series import History  # noqa: E402

TRIED = 56


def made_large(days: int = 238, seed: int = 1) -> tuple[History, float]:
    """A large centre, and the WAPE of who knows every rate."""
    rng = np.random.default_rng(seed)
    start = datetime.fromisoformat("2025-03-03")
    place = np.arange(28)
    shape = np.exp(-(((place - 7) / 9) ** 2)) + 0.5 * np.exp(-(((place - 15) / 5) ** 2))
    counts, level = np.full((days, 48), np.nan), 0.0
    off, calls = 0.0, 0.0
    for day in range(days):
        level = 0.8 * level + 0.035 * rng.standard_normal()
        date = start + timedelta(days=day)
        if date.weekday() > 4:
            continue
        week = (0.12, 0.03, -0.02, -0.05, -0.03)[date.weekday()]
        month = 0.06 * np.cos(2 * np.pi * (date.day - 1) / 30.4)
        rates = 33_000 * np.exp(level + week + month + 0.015 * rng.standard_normal(28)) * shape / shape.sum()
        counts[day, 14:42] = rng.poisson(rates)
        off += float(np.abs(counts[day, 14:42] - rates).sum())
        calls += float(counts[day, 14:42].sum())
    return History(start, 30, counts.reshape(-1)), off / calls


class Tally:
    """Misses and calls of one way, over many origins."""

    def __init__(self) -> None:
        self.off, self.calls, self.seconds, self.inside, self.many = 0.0, 0.0, 0.0, 0, 0

    def add(self, mean: np.ndarray, came: np.ndarray) -> None:
        known = ~np.isnan(came)
        self.off += float(np.abs(mean - came)[known].sum())
        self.calls += float(came[known].sum())

    @property
    def wape(self) -> float:
        return self.off / self.calls if self.calls else float("nan")


def cut(whole: History, count: int) -> History:
    return History(whole.start, whole.minutes, whole.counts[:count])


def week_before(counts: np.ndarray, origin: int, horizon: int, slots: int) -> np.ndarray:
    week = 7 * slots
    found = np.array([counts[origin + step - week * (1 + step // week)] for step in range(horizon)])
    return np.where(np.isnan(found), 0.0, found)


def peer(counts: np.ndarray, origin: int, horizon: int, slots: int) -> np.ndarray:
    """MSTL over day and week with AutoETS for the trend, as its documentation shows it; closed hours count nought."""
    from statsforecast.models import MSTL, AutoETS

    model = MSTL(season_length=[slots, 7 * slots], trend_forecaster=AutoETS(model="ZZN"))
    said = model.forecast(y=np.nan_to_num(counts[:origin]).astype(np.float64), h=horizon)
    return np.maximum(np.asarray(said["mean"]), 0.0)


def timed(tally: Tally, work, *words, **more):
    began = time.perf_counter()
    found = work(*words, **more)
    tally.seconds += time.perf_counter() - began
    return found


def measure(name: str, whole: History, days: int, with_peer: bool) -> dict[str, object]:
    slots = 1440 // whole.minutes
    counts, many = whole.counts, len(whole.counts) // slots
    tallies = {key: Tally() for key in ("day", "day naive", "day peer", "late", "rest", "far", "far naive", "far peer")}
    eleven = 11 * 60 // whole.minutes
    for day in range(many - days, many):
        origin = day * slots
        came = counts[origin : origin + slots]
        if np.isnan(came).all():
            continue
        made = timed(tallies["day"], forecast, cut(whole, origin), slots, tested=TRIED)
        tallies["day"].add(made.mean, came)
        inside = (came >= made.quantiles[0.1]) & (came <= made.quantiles[0.9])
        open_ = ~np.isnan(came) & (made.mean > 0.5)
        tallies["day"].inside += int((inside & open_).sum())
        tallies["day"].many += int(open_.sum())
        tallies["day naive"].add(week_before(counts, origin, slots, slots), came)
        tallies["late"].add(made.mean[eleven:], came[eleven:])
        later = timed(tallies["rest"], forecast, cut(whole, origin + eleven), slots - eleven, tested=TRIED)
        tallies["rest"].add(later.mean, came[eleven:])
        if with_peer:
            tallies["day peer"].add(timed(tallies["day peer"], peer, counts, origin, slots, slots), came)
    for day in range(many - 28, many - 28 - 12 * 7, -7):
        origin, span = day * slots, 28 * slots
        if day < 63:
            break
        came = counts[origin : origin + span]
        tallies["far"].add(timed(tallies["far"], forecast, cut(whole, origin), span, tested=TRIED).mean, came)
        tallies["far naive"].add(week_before(counts, origin, span, slots), came)
        if with_peer:
            tallies["far peer"].add(timed(tallies["far peer"], peer, counts, origin, span, slots), came)
    tell(name, tallies, days)
    return {"series": name, "days": days} | as_json(tallies)


def tell(name: str, tallies: dict[str, Tally], days: int) -> None:
    print(f"\n{name}, last {days} days")
    for title, key in (("day ahead", "day"), ("four weeks ahead", "far")):
        ours, naive, other = tallies[key], tallies[f"{key} naive"], tallies[f"{key} peer"]
        print(
            f"  {title:<17} zuoxi {ours.wape:7.2%} ({ours.seconds:6.1f} s)   week before {naive.wape:7.2%}"
            f"   MSTL + AutoETS {other.wape:7.2%} ({other.seconds:6.1f} s)"
            f"   to week before {ours.wape / naive.wape:.3f}   to MSTL {ours.wape / other.wape:.3f}"
        )
    day, late, rest = tallies["day"], tallies["late"], tallies["rest"]
    print(f"  bands of 80 %     {day.inside / max(day.many, 1):.1%} inside")
    print(
        f"  after eleven      day ahead {late.wape:.2%}   brought up to date {rest.wape:.2%}"
        f"   {rest.wape / late.wape - 1:+.1%}"
    )


def as_json(tallies: dict[str, Tally]) -> dict[str, object]:
    """WAPE in percent, ratios, seconds of one forecast with its trials."""
    told: dict[str, object] = {}
    for title, key in (("day_ahead", "day"), ("four_weeks", "far")):
        ours, naive, other = tallies[key], tallies[f"{key} naive"], tallies[f"{key} peer"]
        told[title] = {"wape_percent": round(100 * ours.wape, 2), "week_before_percent": round(100 * naive.wape, 2)}
        told[title] |= {"to_week_before": round(ours.wape / naive.wape, 3), "seconds": round(ours.seconds, 1)}
        if other.calls:
            told[title] |= {"mstl_percent": round(100 * other.wape, 2), "to_mstl": round(ours.wape / other.wape, 3)}
            told[title] |= {"mstl_seconds": round(other.seconds, 1)}
    day, late, rest = tallies["day"], tallies["late"], tallies["rest"]
    told["inside_80_percent"] = round(100 * day.inside / max(day.many, 1), 1)
    told["after_eleven"] = {
        "day_ahead_percent": round(100 * late.wape, 2),
        "updated_percent": round(100 * rest.wape, 2),
    }
    return told | {"better_at_eleven_percent": round(100 * (1 - rest.wape / late.wape), 1)}


def main() -> None:
    warnings.simplefilter("ignore")
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--file")
    asked.add_argument("--days", type=int, default=56)
    asked.add_argument("--no-peer", action="store_true")
    told = asked.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}"
    )
    if told.file:
        whole = read(Path(told.file).read_bytes()).history
        found = measure(Path(told.file).name, whole, told.days, not told.no_peer)
    else:
        whole, floor = made_large()
        found = measure(f"made series (floor {floor:.2%})", whole, told.days, not told.no_peer)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
