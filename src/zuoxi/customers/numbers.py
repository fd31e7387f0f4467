# SPDX-License-Identifier: Apache-2.0
"""One telephone number has many spellings; this is the one we keep, and what can be told from it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.customers.regions import region_and_carrier

_EXTENSION = re.compile(r"(?:转接?|分机号?|内线|ext\.?|extension|x|[,;#])\s*:?\s*([0-9]{1,8})\s*$", re.IGNORECASE)
_BEHIND_A_DASH = re.compile(r"\(?(?:0[0-9]{2,3}\)?[- ]?[0-9]{7,8}|1[3-9][0-9]{9})-([0-9]{1,6})", re.ASCII)
_TWO = re.compile(r"[0-9]{7,}[^0-9]*[/;,、\s|][^0-9]*[0-9]{7,}")
_SCIENTIFIC = re.compile(r"^\s*[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}\s*$", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_SERVICE = re.compile(r"(?:400|800)[0-9]{7}|95[0-9]{3,6}|96[0-9]{3,6}|12[0-9]{3}|1(?:00|01|06)[0-9]{2,17}|1[12][0-9]")
_FIXED = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")


def canonical(number: str) -> str:
    """Digits without country code and, for mobiles, without the trunk prefix; "" when there are none.

    +86 138 0013 8000, 0086…, 013800138000 → 13800138000; 0532-8888 8888 keeps its area code; +1 650 253 0000 of
    another country is kept as 0016502530000. Full-width digits count as digits.
    """
    text = unicodedata.normalize("NFKC", number or "").strip()
    digits = re.sub(r"[^0-9]", "", text)
    if text.startswith("+") and not digits.startswith("86"):
        return f"00{digits}" if digits else ""
    if text.startswith(("+86", "0086", "+ 86")):
        digits = re.sub(r"^(0086|86)", "", digits)
        if re.fullmatch(r"(?:10|2[0-9])[2-9][0-9]{7}|[3-9][0-9]{2}[2-9][0-9]{6,7}", digits):
            digits = f"0{digits}"  # the trunk zero is left out behind a country code
    digits = re.sub(r"^86(?=1[3-9][0-9]{9}$|0[0-9]{9,11}$)", "", digits)
    return digits[1:] if re.fullmatch(r"01[3-9][0-9]{9}", digits) else digits


def ways_to_write(number: str) -> tuple[str, ...]:
    """The spellings that a switch may have told the number in; none for an empty or withheld number."""
    bare = canonical(number)
    if len(bare) < 3:
        return ()
    return tuple(sorted({bare, f"0{bare}", f"86{bare}", f"+86{bare}", f"0086{bare}", number.strip()}))


def apart(text: str) -> tuple[str, str]:
    """The number and the extension behind it ("" where there is none); full-width signs as narrow ones.

    What follows a whole number after one more dash is its extension: 0532-88886666-801, 13800138000-1234.
    """
    plain = unicodedata.normalize("NFKC", text)
    if dashed := _BEHIND_A_DASH.fullmatch(plain.strip()):
        return plain.strip()[: dashed.start(1) - 1], dashed.group(1)
    found = _EXTENSION.search(plain)
    return (plain[: found.start()], found.group(1)) if found and found.start() >= 5 else (plain, "")


class Kind(StrEnum):
    MOBILE = "mobile"
    FIXED = "fixed"
    SERVICE = "service"
    FOREIGN = "foreign"
    LOCAL = "local"  # a fixed line without its area code, or an extension of the house
    NONE = "none"

    @property
    def label(self) -> str | Promise:
        return _KINDS[self]


_KINDS: dict[Kind, str | Promise] = {
    Kind.MOBILE: _("Mobile"),
    Kind.FIXED: _("Fixed line"),
    Kind.SERVICE: _("Service number"),
    Kind.FOREIGN: _("Foreign number"),
    Kind.LOCAL: _("Without area code"),
    Kind.NONE: _("No number"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """What a text says about a telephone number. `national` is the canonical form, "" where it is none.

    `problem` is None when the number can be taken; else what is wrong and what to do. A number without area code is
    valid: it is kept as it stands. `land` is the country of a foreign number.
    """

    written: str
    kind: Kind
    national: str
    extension: str = ""
    land: str = ""
    problem: str | Promise | None = None

    @property
    def valid(self) -> bool:
        return self.problem is None

    @property
    def _told(self) -> tuple[str, str, str]:
        given_out = self.kind in (Kind.MOBILE, Kind.FIXED)
        return region_and_carrier(self.national) if given_out else (self.land, self.land, "")

    @property
    def region_zh(self) -> str:
        return self._told[0]

    @property
    def region_en(self) -> str:
        return self._told[1]

    @property
    def carrier(self) -> str:
        return self._told[2]


plain_mobile = _MOBILE.fullmatch
"""The same where it is asked of every cell of a list."""


def is_plain_mobile(text: str) -> bool:
    """Whether the text is the canonical form of a mobile number as it stands."""
    return bool(_MOBILE.fullmatch(text or ""))


def parsed(text: str) -> Number:
    """Read a number as people and spreadsheets write it; what cannot be known for sure is refused, never guessed."""
    if is_plain_mobile(text):
        return Number(text, Kind.MOBILE, text)
    plain = unicodedata.normalize("NFKC", text or "").strip().strip("'\"")
    if not plain:
        return _none(text, _("There is no number."))
    if _SCIENTIFIC.match(plain):
        return _none(
            text,
            _("The spreadsheet rounded this number (%(text)s). Format the column as text and save the file anew.")
            % {"text": plain},
        )
    if _TWO.search(plain):
        return _none(text, _("There is more than one number. Put the second one into a column of its own."))
    body, extension = apart(plain)
    body = re.sub(r"\.0$", "", body)
    if re.search(r"[^0-9+()\-\s./·—–]", body):
        return _none(text, _("There are letters in the number. Write digits only."))
    return _sorted_out(text, canonical(body), extension)


def _none(text: str, problem: str | Promise) -> Number:
    return Number(text, Kind.NONE, "", problem=problem)


def _sorted_out(text: str, bare: str, extension: str) -> Number:
    if _MOBILE.fullmatch(bare):
        return Number(text, Kind.MOBILE, bare, extension)
    if bare.startswith("00"):
        return _foreign(text, bare, extension)
    if _SERVICE.fullmatch(bare):
        return Number(text, Kind.SERVICE, bare, extension)
    if _FIXED.fullmatch(bare):
        return Number(text, Kind.FIXED, bare, extension)
    if 3 <= len(bare) <= 8 and not bare.startswith("0"):
        return Number(text, Kind.LOCAL, bare, extension)
    if re.fullmatch(r"1[3-9][0-9]+", bare):
        told = {"count": len(bare)}
        return _none(text, _("A mobile number has 11 digits; this one has %(count)s.") % told)
    return _none(text, _("That is not a telephone number. Write it with its area code, or with + and country code."))


def _foreign(text: str, bare: str, extension: str) -> Number:
    """Numbers of other countries are asked of the library, which is loaded only for them."""
    import phonenumbers

    try:
        number = phonenumbers.parse(f"+{bare[2:]}", None)
    except phonenumbers.NumberParseException:
        return _none(text, _("That is no number of any country. Check the country code."))
    if not phonenumbers.is_possible_number(number):
        return _none(text, _("The number is too long or too short for its country."))
    land = phonenumbers.region_code_for_number(number) or ""
    return Number(text, Kind.FOREIGN, bare[:24], extension, land)
