# SPDX-License-Identifier: Apache-2.0
"""Where a Chinese number was given out and by which carrier, from one small table.

The table is made of the data of the `phonenumbers` library (`python -m zuoxi.customers.regions`): the library itself
loads every country and needs three seconds and 150 MB for it, too much for a page that opens while the phone rings.
A number may have been carried over to another network since; the table says who gave it out.
"""

from __future__ import annotations

import gzip
import json
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("regions.json.gz")
_FIRST, _LAST = 1_300_000, 2_000_000
_AREA_CODES = (4, 3, 2)


@dataclass(frozen=True, slots=True)
class _Table:
    names: list[tuple[str, str]]
    starts: array[int]
    places: array[int]
    areas: dict[str, int]
    carriers: dict[str, str]


@cache
def _table() -> _Table:
    kept = json.loads(gzip.decompress(TABLE.read_bytes()))
    starts, at = array("L"), 0
    for step in kept["steps"]:
        at += step
        starts.append(at)
    names = [(one[0], one[1]) for one in kept["names"]]
    return _Table(names, starts, array("H", kept["places"]), kept["areas"], kept["carriers"])


def region_and_carrier(bare: str) -> tuple[str, str, str]:
    """(region in Chinese, in English, carrier) of a canonical mobile or fixed number; "" for what is not known."""
    table = _table()
    if bare.startswith("0"):
        found = next((table.areas[bare[1:n]] for n in _AREA_CODES if bare[1:n] in table.areas), 0)
        return (*table.names[found], "")
    at = bisect_right(table.starts, int(bare[:7])) - 1
    names = table.names[table.places[at]] if at >= 0 else ("", "")
    carrier = next((table.carriers[bare[:n]] for n in (7, 6, 5, 4, 3, 2) if bare[:n] in table.carriers), "")
    return (*names, carrier)


def _made() -> dict[str, object]:
    """The table as the installed library knows it; takes seconds."""
    from phonenumbers.carrierdata import CARRIER_DATA
    from phonenumbers.geodata import GEOCODE_DATA

    ours = {key[2:]: said for key, said in GEOCODE_DATA.items() if key.startswith("86") and len(key) > 2}
    names, number = [("", "")], {("", ""): 0}

    def numbered(said: dict[str, str]) -> int:
        name = (said.get("zh", ""), said.get("en", ""))
        if name not in number:
            number[name] = len(names)
            names.append(name)
        return number[name]

    steps, places, before, last = [], [], 0, -1
    for prefix in range(_FIRST, _LAST):
        text = str(prefix)
        said = next((ours[text[:n]] for n in (7, 6, 5, 4, 3) if text[:n] in ours), {})
        place = numbered(said)
        if place != last:
            steps.append(prefix - before)
            places.append(place)
            before, last = prefix, place
    areas = {key: numbered(said) for key, said in sorted(ours.items()) if len(key) <= 4 and not key.startswith("1")}
    areas["10"] = numbered(ours["10"])
    carriers = {
        key[2:]: said.get("zh", said.get("en", "")) for key, said in CARRIER_DATA.items() if key.startswith("861")
    }
    return {"names": names, "steps": steps, "places": places, "areas": areas, "carriers": carriers}


def write() -> None:
    packed = json.dumps(_made(), ensure_ascii=False, separators=(",", ":")).encode()
    TABLE.write_bytes(gzip.compress(packed, 9, mtime=0))


if __name__ == "__main__":
    write()
