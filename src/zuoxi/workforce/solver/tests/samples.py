# SPDX-License-Identifier: Apache-2.0
"""Small instances made up for the tests."""

import numpy as np

from zuoxi.workforce.solver.instances import read


def text(seed, *, people=2, days=8, shifts=2, tight=True):
    rng = np.random.default_rng(seed)
    names = "EDLN"[:shifts]
    lines = ["SECTION_HORIZON", str(days), "SECTION_SHIFTS"]
    lines += [f"{name},{480 + 60 * int(rng.integers(2))},{'|'.join(names[:place])}" for place, name in enumerate(names)]
    lines.append("SECTION_STAFF")
    for one in range(people):
        most = "|".join(f"{name}={int(rng.integers(0 if place else 1, 5))}" for place, name in enumerate(names))
        low, high = (days * 60, days * 330) if tight else (0, days * 480)
        runs = f"{int(rng.integers(3, 6))},{int(rng.integers(1, 3))},{int(rng.integers(1, 4))}"
        lines.append(f"P{one},{most},{high},{low},{runs},1")
    lines += ["SECTION_DAYS_OFF", *(f"P{one},{int(rng.integers(days))}" for one in range(people))]
    lines.append("SECTION_SHIFT_ON_REQUESTS")
    lines += [
        f"P{one},{int(rng.integers(days))},{names[int(rng.integers(shifts))]},{int(rng.integers(1, 4))}"
        for one in range(people)
    ]
    lines.append("SECTION_SHIFT_OFF_REQUESTS")
    lines += [
        f"P{one},{int(rng.integers(days))},{names[int(rng.integers(shifts))]},{int(rng.integers(1, 4))}"
        for one in range(people)
    ]
    lines.append("SECTION_COVER")
    lines += [f"{day},{name},{int(rng.integers(0, people + 1))},100,1" for day in range(days) for name in names]
    return "\n".join(lines)


def instance(seed, **words):
    return read(text(seed, **words).splitlines())
