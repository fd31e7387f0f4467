# SPDX-License-Identifier: Apache-2.0
"""What can be done in the background: the tasks of the installed packages (`<package>/tasks.py`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

Work = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Task:
    """`work` gets the Run and the job's arguments, may report progress, and returns what the job's page shows.

    `lease` is how many seconds without a sign of life make another worker take over. `attempts` is how often it is
    begun before it counts as failed; `pause` the seconds before the second, doubled for each after it.
    """

    name: str
    title: str | Promise
    work: Work
    lease: int = 60
    attempts: int = 5
    pause: int = 10

    def pause_after(self, attempt: int) -> int:
        return int(min(self.pause * 2 ** (attempt - 1), 3600))


@dataclass(frozen=True, slots=True)
class Cron:
    """A task that begins by itself, in the site's zone; `at_start`: also whenever a worker starts."""

    name: str
    task: str
    cron: str
    at_start: bool = False


_tasks: dict[str, Task] = {}
_crons: dict[str, Cron] = {}


class UnknownTask(LookupError):
    """No installed package has a task of that name."""


def task(
    name: str, title: str | Promise, *, lease: int = 60, attempts: int = 5, pause: int = 10
) -> Callable[[Callable[..., dict[str, Any] | None]], Callable[..., dict[str, Any] | None]]:
    """Register a function `(run, **arguments) -> dict | None` as a task. It must bear being run twice."""

    def register(work: Work) -> Work:
        _tasks[name] = Task(name, title, work, lease, attempts, pause)
        return work

    return register


def cron(name: str, expression: str, task_name: str, *, at_start: bool = False) -> None:
    """Let a task begin by itself ("30 1 * * *": half past one each night at the site)."""
    _crons[name] = Cron(name, task_name, expression, at_start)


@cache
def load() -> None:
    """Import every installed package's `tasks.py`, once."""
    for app in apps.get_app_configs():
        if app.name.startswith("zuoxi.") and find_spec(f"{app.name}.tasks"):
            import_module(f"{app.name}.tasks")


def task_named(name: str) -> Task:
    """The task; UnknownTask for a name that nobody registered."""
    load()
    try:
        return _tasks[name]
    except KeyError:
        raise UnknownTask(name) from None


def crons() -> list[Cron]:
    load()
    return list(_crons.values())


def title_of(name: str) -> str:
    """What people call a task; its name when its package is gone."""
    load()
    return str(_tasks[name].title) if name in _tasks else name
