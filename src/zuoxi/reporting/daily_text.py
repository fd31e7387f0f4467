# SPDX-License-Identifier: Apache-2.0
"""Yesterday in the length of a short message, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from zuoxi.messaging.lengths import sms_parts
from zuoxi.reporting.facts import FigureValue
from zuoxi.reporting.presentation import shown

FIGURES: Final = ("offered", "answered", "connect_rate", "service_level", "abandon_rate", "asa", "aht", "occupancy")
_WORDS: Final = {
    "zh": {
        "offered": "呼入{}",
        "answered": "接通{}",
        "connect_rate": "接通率{}",
        "service_level": "{seconds}秒接通{}",
        "abandon_rate": "弃呼{}",
        "asa": "均答{}",
        "aht": "均处{}",
        "occupancy": "占用{}",
    },
    "en": {
        "offered": "offered {}",
        "answered": "answered {}",
        "connect_rate": "ans. rate {}",
        "service_level": "SL{seconds}s {}",
        "abandon_rate": "aband. {}",
        "asa": "ASA {}",
        "aht": "AHT {}",
        "occupancy": "occ. {}",
    },
}
_FRAME: Final = {"zh": ("{day}运营:", " ", "(数据不全)"), "en": ("{day}: ", ", ", " (incomplete)")}


def daily_text(
    language: str, day: date, values: Mapping[str, FigureValue], seconds: int, *, incomplete: bool = False
) -> str:
    """One short message: figures from the front as many as fit; what is not known is a dash, and said to be missing."""
    opening, between, mark = _FRAME[language]
    start, end = opening.format(day=f"{day:%m-%d}"), mark if incomplete else ""
    words = [_WORDS[language][name].format(_plain(values[name]), seconds=seconds) for name in FIGURES]
    while len(words) > 1 and sms_parts(start + between.join(words) + end) > 1:
        words.pop()
    return start + between.join(words) + end


def _plain(value: FigureValue) -> str:
    """A dash that every telephone has."""
    return shown(value).replace("—", "-").replace(",", "")
