# SPDX-License-Identifier: Apache-2.0
"""What a package tells the packages above it, in the same transaction: a closed ticket, a refused parcel.

The package below names its moments in its room `moments.py` and tells them from its services; a package above listens
from its `apps.py`. The listener is called in the teller's transaction: if it fails, nothing has happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Fact = TypeVar("Fact")


@dataclass(slots=True)
class Moment(Generic[Fact]):
    """One kind of happening, told with a frozen dataclass of the package's `facts`."""

    name: str
    _listeners: list[Callable[[Fact], None]] = field(default_factory=list)

    def listen(self, listener: Callable[[Fact], None]) -> Callable[[Fact], None]:
        """Be called at every such moment from now on; asking twice changes nothing."""
        if listener not in self._listeners:
            self._listeners.append(listener)
        return listener

    def leave(self, listener: Callable[[Fact], None]) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)

    def tell(self, fact: Fact) -> None:
        """Call everybody who listens, in the order in which they came."""
        for listener in tuple(self._listeners):
            listener(fact)
