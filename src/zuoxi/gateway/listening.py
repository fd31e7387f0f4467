# SPDX-License-Identifier: Apache-2.0
"""Whatever a web hook may be told of is put into the outbox, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zuoxi.gateway.kinds import KINDS, Kind
from zuoxi.gateway.outbox import put


def _listener(kind: Kind) -> Callable[[Any], None]:
    def listen(fact: Any) -> None:
        put(kind.code, kind.data_of(fact), fact.at)

    return listen


for _kind in KINDS.values():
    _kind.moment.listen(_listener(_kind))
