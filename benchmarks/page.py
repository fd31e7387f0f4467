# SPDX-License-Identifier: Apache-2.0
"""Makes docs/benchmarks.md and its Chinese twin of goals.yaml and of the runs kept in docs/benchmarks/.

    python benchmarks/page.py

Of each figure the newest quiet run is shown, else the newest busy one, which is said, else what was told by hand; every
other run stands below in small. A goal is reached when each of the runs reaches it.
"""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"
PAGES = {"en": DOCS / "benchmarks.md", "zh": DOCS / "benchmarks.zh-CN.md"}
Said = dict[str, str]

WORDS: dict[str, Said] = {
    "head": {
        "en": "# What was measured\n\n[中文](benchmarks.zh-CN.md)\n\n"
        "This page is made by `python benchmarks/page.py` of the runs kept in `docs/benchmarks/`; "
        "`python benchmarks/record.py NAME` adds one. Goals and what each figure means are declared in "
        "`benchmarks/goals.yaml`. Peers run in the same run, on the same machine. A figure is the middle of its runs, "
        "the smallest and the largest behind it; a goal is reached when every run reaches it.\n",
        "zh": "# 测得的数字\n\n[English](benchmarks.md)\n\n"
        "本页由 `python benchmarks/page.py` 根据 `docs/benchmarks/` 中保存的测试结果生成；"
        "`python benchmarks/record.py NAME` 增加一次测试。目标和每个数字的含义在 `benchmarks/goals.yaml` 中声明。"
        "对照对象在同一次测试、同一台机器上运行。数字取各次的中位数，括号内是最小与最大；每一次都达到才算达到目标。\n",
    },
    "machine": {"en": "Machine", "zh": "机器"},
    "shared": {
        "en": "Virtual cores shared with other machines: two runs may differ; the ratios are what to quote.",
        "zh": "虚拟核与其他机器共用，两次结果会有差别；引用时请用比值。",
    },
    "columns": {
        "en": "| command | what | figure | against, in the same run | goal | |\n|---|---|---|---|---|---|",
        "zh": "| 命令 | 测什么 | 数字 | 同一次测试的对照 | 目标 | |\n|---|---|---|---|---|---|",
    },
    "reached": {"en": "reached", "zh": "达到"},
    "some": {"en": "**not in every run**", "zh": "**并非每次达到**"},
    "not": {"en": "**not reached**", "zh": "**未达到**"},
    "none": {"en": "not measured", "zh": "未测"},
    "busy": {"en": "busy machine", "zh": "机器忙"},
    "hand": {"en": "told by hand", "zh": "手工记录"},
    "runs": {"en": "Runs shown above", "zh": "上表所用的测试"},
    "also": {"en": "Measured beside other work, earlier, or before a change", "zh": "更早、机器忙时或改动之前测得"},
    "key": {
        "en": "† beside other work. ‡ told by hand: the figures were noted, the printed JSON was not kept.",
        "zh": "† 机器忙时测得。‡ 手工记录：当时只记下数字，没有保留输出的 JSON。",
    },
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The record that a figure is taken from, and its values there, one for each run."""

    place: int
    record: dict[str, Any]
    values: list[float]


@dataclass(slots=True)
class Measurement:
    """One command with its rows, and all that was kept of it, oldest first."""

    name: str
    told: dict[str, Any]
    records: list[dict[str, Any]] = field(default_factory=list)

    @property
    def command(self) -> str:
        return " ".join([f"benchmarks/{self.told['command']}", *self.told.get("arguments", [])])


def value_at(found: Any, path: str) -> float | None:
    """The number at a path such as `pages.0.ms`, or the ratio of two, `a.b / c.d`, or of one and a number; None when it
    is not there."""
    if path.isdigit():
        return float(path)
    if " / " in path:
        upper, lower = (value_at(found, part) for part in path.split(" / "))
        return None if upper is None or not lower else upper / lower
    for step in path.split("."):
        if isinstance(found, list):
            found = found[int(step)] if step.isdigit() and int(step) < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
        if found is None:
            return None
    return float(found) if isinstance(found, bool | int | float) else None


def values_of(record: dict[str, Any], path: str) -> list[float]:
    return [value for run in record["runs"] if (value := value_at(run, path)) is not None]


def pick(records: list[dict[str, Any]], path: str) -> Shown | None:
    """The newest quiet record that has the figure, else the newest; one told by hand only where there is no other, and
    never one from before a change."""
    having = [
        Shown(place, one, values)
        for place, one in enumerate(records)
        if not one.get("before") and (values := values_of(one, path))
    ]
    return max(having, key=_worth, default=None)


def _worth(one: Shown) -> tuple[bool, bool, int]:
    return not one.record.get("by_hand"), one.record["quiet"], one.place


def verdict(values: list[float], goal: dict[str, Any]) -> str:
    """`reached`, `some` or `not`."""
    tests = {
        "at_least": lambda value, limit: value >= limit,
        "at_most": lambda value, limit: value <= limit,
        "equal": lambda value, limit: value == limit,
        "within": lambda value, limit: limit[0] <= value <= limit[1],
    }
    good = [all(test(value, goal[key]) for key, test in tests.items() if key in goal) for value in values]
    return "reached" if all(good) else "some" if any(good) else "not"


def number(value: float) -> str:
    """Three digits that count, thousands apart."""
    if value == 0 or (value == int(value) and abs(value) < 1e15):
        return f"{int(value):,}"
    if abs(value) < 1e-3:
        digits, power = f"{value:.1e}".split("e")
        return f"{digits} × 10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
    if abs(value) >= 1000:
        return f"{round(value, 3 - len(str(int(abs(value))))):,.0f}"
    return f"{value:.3g}"


class Writer:
    """The page in one language."""

    def __init__(self, declared: dict[str, Any], found: list[Measurement], tongue: str) -> None:
        self.units, self.domains = declared["units"], declared["domains"]
        self.found, self.tongue = found, tongue

    def say(self, word: str) -> str:
        return WORDS[word][self.tongue]

    def page(self) -> str:
        parts = [self.say("head"), f"{self.say('machine')}: {self._machines()}\n\n{self.say('shared')}\n"]
        if self.tongue == "zh":
            parts[1] = parts[1].replace(": ", "：", 1)
        for key, name in self.domains.items():
            parts.append(self._domain(name, [one for one in self.found if one.told["domain"] == key]))
        return "\n".join(parts)

    def _machines(self) -> str:
        seen = []
        for one in self.found:
            for record in one.records:
                held = record["machine"]
                text = f"{held['cores']} × {held['system']}, {held['memory_gib']} GiB, Python {held['python']}"
                names = {"sqlite": "SQLite", "duckdb": "DuckDB", "numba": "numba", "ortools": "OR-Tools"}
                more = [f"{names[key]} {held[key]}" for key in names if held.get(key)]
                if not record.get("by_hand") and (full := ", ".join([text, *more])) not in seen:
                    seen.append(full)
        return "; ".join(seen)

    def _domain(self, name: Said, measurements: list[Measurement]) -> str:
        lines, used = [self.say("columns")], set()
        for one in measurements:
            for place, row in enumerate(one.told["rows"]):
                shown = pick(one.records, row["figure"])
                if shown:
                    used.add((one.name, shown.place))
                lines.append(f"| {f'`{one.command}`' if place == 0 else ''} {self._row(one, row, shown)}")
        parts = [f"## {name[self.tongue]}\n", "\n".join(lines), f"\n{self.say('key')}\n" if used else ""]
        shown_runs, others = [], []
        for one in measurements:
            for place, record in enumerate(one.records):
                if (one.name, place) in used:
                    shown_runs.append(f"- `{one.name}` {self._circumstances(one, record)}")
                else:
                    others.append(f"- `{one.name}` {self._circumstances(one, record)}{self._figures(one, record)}")
        for title, bullets in (("runs", shown_runs), ("also", others)):
            if bullets:
                parts.append(
                    f"<details><summary>{self.say(title)}</summary>\n\n" + "\n".join(bullets) + "\n\n</details>\n"
                )
        return "\n".join(part for part in parts if part)

    def _row(self, one: Measurement, row: dict[str, Any], shown: Shown | None) -> str:
        goal, what = row.get("goal"), row["what"][self.tongue]
        asked = self._goal(goal, row) if goal else ""
        if shown is None:
            return f"| {what} | {self.say('none')} | | {asked} | |"
        marks = ("" if shown.record["quiet"] else " †") + (" ‡" if shown.record.get("by_hand") else "")
        judged = ""
        if goal and (values := values_of(shown.record, goal.get("of", row["figure"]))):
            judged = self.say(verdict(values, goal))
        figure = self._spread(shown.values, row.get("unit", ""))
        return f"| {what} | {figure}{marks} | {self._against(shown.record, row)} | {asked} | {judged} |"

    def _against(self, record: dict[str, Any], row: dict[str, Any]) -> str:
        against = row.get("against")
        if not against:
            return ""
        parts = [against[self.tongue]]
        if values := values_of(record, against.get("figure", "?")):
            parts.append(self._spread(values, against.get("unit", row.get("unit", ""))))
        if values := values_of(record, against.get("ratio", "?")):
            parts.append(f"= {self._spread(values, 'times')}")
        return " ".join(parts).replace("： ", "：") if len(parts) > 1 else ""

    def _goal(self, goal: dict[str, Any], row: dict[str, Any]) -> str:
        if "words" in goal:
            return str(goal["words"][self.tongue])
        unit = goal.get("unit", "times" if "of" in goal else row.get("unit", ""))
        if "within" in goal:
            low, high = goal["within"]
            return f"{self._number(low, '')}–{self._number(high, unit)}"
        signs = {"at_least": "≥ ", "at_most": "≤ ", "equal": ""}
        return ", ".join(sign + self._number(goal[key], unit) for key, sign in signs.items() if key in goal)

    def _spread(self, values: list[float], unit: str) -> str:
        middle = self._number(statistics.median(values), unit)
        low, high = (self._number(one, unit) for one in (min(values), max(values)))
        return middle if low == high else f"{middle} ({number(self._scaled(min(values), unit))}–{high})"

    def _scaled(self, value: float, unit: str) -> float:
        told = self.units.get(unit, {})
        value *= told.get("scale", 1)
        return float(f"{value:.{told['digits']}g}") if "digits" in told else value

    def _number(self, value: float, unit: str) -> str:
        if unit == "truth":
            return {"en": ("no", "yes"), "zh": ("否", "是")}[self.tongue][bool(value)]
        return number(self._scaled(value, unit)) + (self.units[unit][self.tongue] if unit else "")

    def _circumstances(self, one: Measurement, record: dict[str, Any]) -> str:
        loads = [each["before"] for each in record["load"]]
        others = [each["others_cores"] for each in record["load"] if "others_cores" in each]
        words = [record["date"]]
        if (given := " ".join(record["arguments"])) and given != " ".join(one.told.get("arguments", [])):
            words.append(f"`{given}`")
        if record.get("revision"):
            words.append(record["revision"])
        count = len(record["runs"])
        load = (
            ""
            if not loads
            else number(loads[0])
            if min(loads) == max(loads)
            else f"{number(min(loads))}–{number(max(loads))}"
        )
        if self.tongue == "en":
            words.append(
                f"{count} run{'s' if count > 1 else ''}, " + (f"load before {load}" if load else "load not noted")
            )
            words += [f"others used {number(max(others))} of a core"] if others else []
        else:
            words.append(f"{count} 次，" + (f"测前负载 {load}" if load else "未记负载"))
            words += [f"其他进程用了 {number(max(others))} 个核"] if others else []
        words += [] if record["quiet"] else [self.say("busy")]
        words += [self.say("hand")] if record.get("by_hand") else []
        words += [record["note"][self.tongue]] if record.get("note") else []
        words += [record["before"][self.tongue]] if record.get("before") else []
        return (", " if self.tongue == "en" else "，").join(words)

    def _figures(self, one: Measurement, record: dict[str, Any]) -> str:
        """Every figure that the record has, each once, behind a colon; nothing when it has none."""
        told: dict[str, str] = {}
        for row in one.told["rows"]:
            if values := values_of(record, row["figure"]):
                told.setdefault(
                    row["figure"], f"{row['what'][self.tongue]} {self._spread(values, row.get('unit', ''))}"
                )
        colon, between = {"en": (": ", "; "), "zh": ("：", "；")}[self.tongue]
        return colon + between.join(told.values()) if told else ""


def published(instance: int, best: int) -> dict[str, Any]:
    """The row of a published instance: what was found, the bound below it, and how far it is above the best known."""
    path = f"instances.{instance}.objective"
    return {
        "what": {
            "en": f"published instance {instance}, best known {best:,}",
            "zh": f"公开算例 {instance}，已知最好 {best:,}",
        },
        "figure": path,
        "against": {"en": "bound below every roster:", "zh": "下界：", "figure": f"instances.{instance}.bound"},
        "goal": {"of": f"{path} / {best}", "at_most": 1.03},
    }


def declared() -> dict[str, Any]:
    found = yaml.safe_load((HERE / "goals.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def measurements(told: dict[str, Any], kept: Path = DOCS / "benchmarks") -> list[Measurement]:
    found = []
    for name, one in told["measurements"].items():
        rows = one["rows"] if "rows" in one else told["measurements"][one["rows_of"]]["rows"]
        one["rows"] = rows + [published(*pair) for pair in one.get("best_known", {}).items()]
        file = kept / f"{name}.json"
        found.append(Measurement(name, one, json.loads(file.read_text(encoding="utf-8")) if file.exists() else []))
    return found


def page(tongue: str) -> str:
    told = declared()
    return Writer(told, measurements(told), tongue).page()


def main() -> None:
    for tongue, file in PAGES.items():
        file.write_text(page(tongue), encoding="utf-8")
        print(file.relative_to(HERE.parent))


if __name__ == "__main__":
    main()
