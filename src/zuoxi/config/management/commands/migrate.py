# SPDX-License-Identifier: Apache-2.0
"""`migrate`, in time that grows with the number of models and not with its square.

For every model that a migration makes, Django draws anew all the models that it hangs together with, and here nearly
all hang together. Nothing refers yet to a model that was not there before, so that drawing it alone is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def new_models_drawn_alone() -> Iterator[None]:
    """While it lasts, a model that is added to a state does not have its relatives drawn anew."""
    name, drawn_with_all = "add_model", ProjectState.add_model

    def add_model(self: Any, model: ModelState) -> None:
        key = (model.app_label, model.name_lower)
        if "apps" not in self.__dict__ or key[1] in self.apps.all_models[key[0]]:
            drawn_with_all(self, model)
            return
        apps = self.__dict__.pop("apps")  # so that Django notes the model and draws nothing
        try:
            drawn_with_all(self, model)
        finally:
            self.__dict__["apps"] = apps
        apps.render_multiple([model])

    setattr(ProjectState, name, add_model)
    try:
        yield
    finally:
        setattr(ProjectState, name, drawn_with_all)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with new_models_drawn_alone():
            super().handle(*args, **options)
