# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuoxi.search.dialects import _segments, scope_word
from zuoxi.search.simplified import simplified
from zuoxi.search.sounds import initials, loosened, near, spoken, whole
from zuoxi.search.words import MOST_WORDS, gaps_of, terms_of, words_of

pytestmark = pytest.mark.once


def test_a_run_of_han_becomes_its_pairs_and_its_last_character():
    assert words_of("供暖报修") == ["供暖", "暖报", "报修", "修"]
    assert words_of("修") == ["修"]


def test_letters_digits_and_han_part_from_each_other():
    said = ["tk", "20261122", "0003", "供暖", "暖"]
    assert words_of("TK20261122-0003供暖", 0) == said
    assert words_of("TK20261122-0003供暖") == [*said, "tk202611220003"]


@given(st.text())
def test_no_word_holds_what_the_indexes_would_split(text):
    words = words_of(text)
    assert len(words) <= MOST_WORDS
    assert not any(set(word) & set(" .@_'\"\\:") for word in words)


@given(st.text(alphabet="供暖报修漏水abAB12 -，", min_size=1))
def test_each_term_of_a_text_stands_in_its_words_side_by_side(text):
    words = words_of(text)
    for term in terms_of(text):
        size = len(term.words)
        runs = [tuple(words[place : place + size]) for place in range(len(words))]
        if term.open:
            assert any(
                run[:-1] == term.words[:-1] and run[-1].startswith(term.words[-1]) for run in runs if len(run) == size
            )
        else:
            assert term.words in runs


def test_the_steps_back_meet_without_gap():
    for last in (0, 5, 1 << 15, 9 << 15, 100 << 15):
        steps = list(_segments(last))
        segments = [one for newest, oldest in steps for one in range(newest, oldest - 1, -1)]
        assert segments == list(range(last >> 15, -1, -1))


def test_sounds_and_first_letters():
    assert whole("供暖") == "gongnuan"
    assert initials("供暖 12") == "gn12"
    assert spoken("退货", "") == " tuihuo th tuifuo "
    assert loosened("上海农行") == "sanfailongfan"


def test_scopes_that_differ_stay_different():
    assert len({scope_word(one) for one in ("d-1", "d1", "d_1", "d.1", "维修", "维护")}) == 6


def test_sounds_are_near_when_at_most_one_letter_differs():
    assert near("缓", "暖") and near("圆", "员") and near("增", "真")
    assert not near("贵", "费") and not near("暖", "水")


def test_a_pair_with_one_of_its_characters_left_out():
    assert gaps_of("供暖 A1 费") == ["供_", "_暖"]


@given(st.text())
def test_folding_characters_keeps_the_length_and_is_done_once(text):
    assert len(simplified(text)) == len(text) and simplified(simplified(text)) == simplified(text)


def test_traditional_characters_become_simplified_ones():
    assert simplified("供暖報修：電視機壞了") == "供暖报修：电视机坏了"
    assert words_of("報修") == ["报修", "修"] and words_of("報修", 0) == ["報修", "修"]


def test_letters_with_a_long_number_stand_in_one_piece_behind_the_words():
    assert words_of("TK20261122-0003供暖 A-1203") == [
        "tk",
        "20261122",
        "0003",
        "供暖",
        "暖",
        "a",
        "1203",
        "tk202611220003",
    ]
    assert [term.words for term in terms_of("WO 00012345 tk20261122-00")] == [("wo",), ("00012345",), ("tk2026112200",)]
    assert [term.words for term in terms_of("wo00012345", codes=False)] == [("wo", "00012345")]
