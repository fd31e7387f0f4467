# SPDX-License-Identifier: Apache-2.0
"""What the files of the handbooks say; while a changed one cannot be read, what was read well before."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from zuoxi.policy import packs
from zuoxi.policy.gaps import gap_book
from zuoxi.policy.vocabulary import role_words, units
from zuoxi.policy.yaml_file import Kept, PackError

log = structlog.get_logger(__name__)
_WORDS: tuple[Kept[Any], ...] = (units, role_words, gap_book)
Shelf = tuple[ZoneInfo, Mapping[str, Mapping[str, packs.Written]]]
_standing: dict[tuple[str, Path | None], Shelf] = {}
"""What was read well last, by pack."""
_words_trouble = [""]


@cache
def shelf(code: str, folder: Path | None, _stamp: float) -> Shelf:
    """A slip of the pen in a file must not stop a centre: what was read well before stands until it is mended."""
    try:
        made = packs.zone_of(code, folder), packs.overlaid(code, folder)
    except (PackError, packs.UnknownPack, OSError) as trouble:
        if (stands := _standing.get((code, folder))) is None:
            raise
        log.error("handbook: what was read before stands", pack=code, trouble=str(trouble))
        return stands
    _standing[code, folder] = made
    return made


def read_anew(folder: Path | None) -> None:
    """The words change only together with packs that can be read by them: what stands names some of them."""
    packs.pack.cache_clear()
    if folder is not None:  # words are those of the site's own folder
        return
    before = [held() for held in _WORDS]
    _words_trouble[:] = [""]
    try:
        for held in _WORDS:
            held.put(None, held.anew())
        for code, where in tuple(_standing):
            if where is None:
                with suppress(packs.UnknownPack):
                    packs.overlaid(code)
    except (PackError, OSError) as trouble:
        log.error("handbook: what was read before stands", trouble=str(trouble))
        _words_trouble[:] = [str(trouble)]
        for held, words in zip(_WORDS, before, strict=True):
            held.put(None, words)
        packs.pack.cache_clear()


def trouble(code: str) -> str:
    """Why something that is in the files now is not in force, with file and line; "" where all of it is."""
    try:
        packs.zone_of(code)
        packs.overlaid(code)
    except (PackError, OSError) as wrong:
        return str(wrong)
    return _words_trouble[0]
