# SPDX-License-Identifier: Apache-2.0
"""Numbers as people and spreadsheets write them."""

from __future__ import annotations

import pytest
from django.utils import translation

from zuoxi.customers.numbers import Kind, canonical, parsed
from zuoxi.customers.regions import _made, region_and_carrier

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("written", "kind", "kept", "extension"),
    [
        ("１３８００１３８０００", Kind.MOBILE, "13800138000", ""),
        ("138 0013 8000", Kind.MOBILE, "13800138000", ""),
        ("'13800138000", Kind.MOBILE, "13800138000", ""),
        ("13800138000.0", Kind.MOBILE, "13800138000", ""),
        ("+86 (138) 0013-8000", Kind.MOBILE, "13800138000", ""),
        ("0532-88888888", Kind.FIXED, "053288888888", ""),
        ("+86 532 8888 8888", Kind.FIXED, "053288888888", ""),
        ("+86 10 62345678", Kind.FIXED, "01062345678", ""),
        ("0532-88888888转801", Kind.FIXED, "053288888888", "801"),
        ("010-62345678 ext. 12", Kind.FIXED, "01062345678", "12"),
        ("（０１０）６２３４５６７８－转３", Kind.FIXED, "01062345678", "3"),
        ("400-800-1234", Kind.SERVICE, "4008001234", ""),
        ("95598", Kind.SERVICE, "95598", ""),
        ("12345", Kind.SERVICE, "12345", ""),
        ("110", Kind.SERVICE, "110", ""),
        ("+1 650 253 0000", Kind.FOREIGN, "0016502530000", ""),
        ("0044 20 7946 0958", Kind.FOREIGN, "00442079460958", ""),
        ("+852 9876 5432", Kind.FOREIGN, "0085298765432", ""),
        ("88888888", Kind.LOCAL, "88888888", ""),
    ],
)
def test_a_number_is_read_however_it_is_written(written, kind, kept, extension):
    said = parsed(written)
    assert (said.valid, said.kind, said.national, said.extension) == (True, kind, kept, extension)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("1.38E+10", "1.38E+10"),
        ("1.38001380E+10", "1.38001380E+10"),
        ("1380013800", "10"),
        ("138001380000", "12"),
        ("", ""),
        ("无", ""),
        ("张三13800138000", ""),
        ("+999 12345", ""),
        ("+1 650", ""),
        ("0000000000000", ""),
        ("12", ""),
    ],
)
def test_what_is_no_number_is_refused_and_says_what_to_do(written, word):
    said = parsed(written)
    assert not said.valid and said.national == "" and word in str(said.problem)


def test_a_rounded_number_is_never_guessed():
    with translation.override("en"):
        assert "Format the column as text" in str(parsed("1.38E+10").problem)
    assert parsed("1.38E+10").national == ""


def test_region_and_carrier_are_told_of_the_number():
    said = parsed("18660222222")
    assert (said.region_zh, said.region_en, said.carrier) == ("山东省青岛市", "Qingdao, Shandong", "中国联通")
    assert parsed("0532-88888888").region_zh == "山东省青岛市" and parsed("0532-88888888").carrier == ""
    assert parsed("010-62345678").region_en == "Beijing"


def test_the_small_table_says_what_the_library_says():
    from phonenumbers import carrier, geocoder, parse

    for middle in range(1300000, 1999999, 4999):
        text = f"{middle}1234"
        number = parse(text, "CN")
        zh, _en, by = region_and_carrier(text)
        assert zh in (geocoder.description_for_number(number, "zh"), "")
        assert by == (carrier.name_for_number(number, "zh") or by)


def test_the_small_table_was_made_of_the_installed_library():
    import gzip
    import json

    from zuoxi.customers.regions import TABLE

    made = json.loads(json.dumps(_made()))
    assert json.loads(gzip.decompress(TABLE.read_bytes())) == made, "python -m zuoxi.customers.regions"


def test_a_foreign_number_does_not_lose_its_country():
    assert canonical("+1 650 253 0000") == canonical("001 650 253 0000") == "0016502530000"
