# SPDX-License-Identifier: Apache-2.0
"""Packs on disk: what a mistake says, and what lies over what."""

import io
import shutil
from datetime import date

import pytest
from django.core.management import call_command

from zuoxi.policy import handbook as handbook_module
from zuoxi.policy import packs
from zuoxi.policy.browsing import pack_lines
from zuoxi.policy.checking import remarks
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.gaps import gap_book
from zuoxi.policy.handbook import Change, NoSuchEntry, handbook_of
from zuoxi.policy.packs import UnknownPack, pack_codes
from zuoxi.policy.vocabulary import role_words, units
from zuoxi.policy.yaml_file import PackError

pytestmark = pytest.mark.once
HEAD = "code: {code}\nbase: {base!r}\nname: {{zh: 甲, en: A}}\nabout: {{zh: 甲, en: A}}\n"
FIGURE = """figures:
  a.limit:
    unit: minutes
    boundary: exclusive
    source: ours
    label: {zh: 限, en: Limit}
    values: [{from: 2026-01-01, value: 5}]
"""
DAY = date(2026, 6, 1)


def forget_files():
    """Read the handbooks' files again at the next question."""
    handbook_module._looked.clear()
    packs.pack.cache_clear()


@pytest.fixture
def shelf(tmp_path):
    """shelf("one", text, base=""): write a pack; gives its handbook."""

    def write(code, text=FIGURE, base=""):
        home = tmp_path / code
        home.mkdir(exist_ok=True)
        (home / "pack.yaml").write_text(HEAD.format(code=code, base=base), encoding="utf-8")
        (home / "rules.yaml").write_text(text, encoding="utf-8")
        packs.pack.cache_clear()
        return lambda: handbook_of(code, tmp_path)

    return write


def refusal(made):
    with pytest.raises(PackError) as wrong:
        made()
    return wrong.value


@pytest.mark.parametrize(
    ("written", "instead", "line", "said"),
    [
        ("unit: minutes", "unti: minutes", 3, "unti"),
        ("unit: minutes", "unit: minuts", 2, "unknown unit 'minuts'"),
        ("boundary: exclusive", "boundary: open", 4, "boundary"),
        ("source: ours", "source: stated", 2, "names its clauses"),
        ("source: ours", "source: gap", 2, "name the decision"),
        ("source: ours", "source: gap\n    gap: C-99", 2, "no decision 'C-99'"),
        ("source: ours", "clauses: [ATT-999]", 2, "no clause ATT-999"),
        ("value: 5", "value: five", 2, "no number"),
        ("value: 5", "value: true", 2, "no number"),
        ("value: 5", "value: .nan", 2, "no number"),
        ("{from: 2026-01-01, value: 5}", "{from: 2026-02-30, value: 5}", 7, "no such day"),
        ("[{from: 2026-01-01, value: 5}]", "[]", 7, "values"),
        ("[{from: 2026-01-01, value: 5}]", "[{from: 2026-02-01, value: 5}, {from: 2026-01-01, value: 4}]", 2, "order"),
        ("[{from: 2026-01-01, value: 5}]", "[{from: 2026-01-01, value: 5}, {from: 2026-01-01, value: 4}]", 2, "order"),
        ("unit: minutes", "unit: minutes\n    unit: hours", 4, "second time"),
        ("unit: minutes", "unit: role", 2, "unknown role '5'"),
        ("figures:", "figurs:", 1, "unknown section 'figurs'"),
        ("figures:", "figures: [1]\nscales:", 1, "entries by key"),
        ("unit: minutes", "unit: [", 5, "YAML"),
        ("unit: minutes", "12: minutes", 3, "must be text"),
    ],
)
def test_a_mistake_names_file_line_and_what_is_wrong(shelf, written, instead, line, said):
    wrong = refusal(shelf("one", FIGURE.replace(written, instead)))
    assert said in wrong.message
    assert wrong.file.endswith("one/rules.yaml")
    assert wrong.line == line
    assert str(wrong).startswith(f"{wrong.file}:{line}: ")


@pytest.mark.parametrize("unit", ["role", "roles", "posts"])
def test_a_role_is_a_word_of_the_closed_list(shelf, unit):
    def written(word):
        value = word if unit == "role" else f"[{word}]"
        return FIGURE.replace("unit: minutes", f"unit: {unit}").replace("value: 5", f"value: {value}")

    good = "TSRL" if unit == "posts" else "SUPERVISOR"
    assert shelf("one", written(good))()
    assert "unknown" in refusal(shelf("two", written("SUPERVISER"))).message


def test_a_file_in_another_encoding_is_named(shelf, tmp_path):
    made = shelf("one")
    (tmp_path / "one" / "rules.yaml").write_bytes("figures: {甲: 1}".encode("gbk"))
    assert "UTF-8" in refusal(made).message


def test_a_key_that_stands_in_two_files_is_refused_with_both_places(shelf, tmp_path):
    made = shelf("one")
    (tmp_path / "one" / "again.yaml").write_text(FIGURE, encoding="utf-8")
    assert "again.yaml:2" in refusal(made).message


def test_the_code_is_the_folders_name(shelf, tmp_path):
    made = shelf("one")
    (tmp_path / "one" / "pack.yaml").write_text(HEAD.format(code="two", base=""), encoding="utf-8")
    assert "folder's name" in refusal(made).message


def test_a_pack_that_lies_beneath_itself_is_refused(shelf):
    shelf("two", base="one")
    assert "beneath itself" in refusal(shelf("one", base="two")).message


def test_an_unknown_base_is_an_unknown_pack(shelf):
    with pytest.raises(UnknownPack):
        shelf("one", base="none")()


def test_an_entry_replaces_the_whole_entry_of_the_base(shelf):
    shelf("below")
    book = shelf("one", FIGURE.replace("exclusive", "inclusive").replace("value: 5", "value: 9"), base="below")()
    assert (book.on(DAY).number("a.limit"), book.on(DAY).figure("a.limit").inclusive) == (9, True)


def test_what_a_pack_does_not_say_it_takes_from_its_base(shelf):
    shelf("below")
    assert shelf("one", "figures: {}", base="below")().on(DAY).number("a.limit") == 5


def test_null_takes_an_entry_of_the_base_away(shelf):
    shelf("below")
    book = shelf("one", "figures:\n  a.limit: null\n", base="below")()
    with pytest.raises(NoSuchEntry):
        book.on(DAY).number("a.limit")


def test_null_for_an_entry_that_the_base_lacks_is_a_mistake(shelf):
    shelf("below")
    wrong = refusal(shelf("one", "figures:\n  a.limt: null\n", base="below"))
    assert (wrong.line, "no such entry" in wrong.message) == (2, True)


def test_a_scale_names_figures_that_there_are(shelf):
    text = FIGURE + "scales:\n  a:\n    label: {zh: 甲, en: A}\n    steps: [{at: a.lmit, outcome: x}]\n"
    wrong = refusal(shelf("one", text))
    assert (wrong.line, "no figure 'a.lmit'" in wrong.message) == (9, True)


@pytest.mark.parametrize(
    ("boundary", "beyond", "within"),
    [
        ("exclusive", [False, False, True], [True, False, False]),
        ("inclusive", [False, True, True], [True, True, False]),
    ],
)
def test_the_boundary_decides_the_figure_itself_and_nothing_beside_it(shelf, boundary, beyond, within):
    book = shelf("one", FIGURE.replace("exclusive", boundary))()
    assert [book.on(DAY).beyond("a.limit", amount) for amount in (4, 5, 6)] == beyond
    assert [book.on(DAY).within("a.limit", amount) for amount in (4, 5, 6)] == within


def test_a_value_holds_from_its_day_on_and_not_the_day_before(shelf):
    two = "[{from: 2026-01-01, value: 5}, {from: 2026-03-01, value: 7}]"
    book = shelf("one", FIGURE.replace("[{from: 2026-01-01, value: 5}]", two))()
    assert [book.on(day).number("a.limit") for day in (date(2026, 2, 28), date(2026, 3, 1))] == [5, 7]
    with pytest.raises(NoSuchEntry):
        book.on(date(2025, 12, 31)).number("a.limit")


def test_a_change_lies_over_the_pack_and_leaves_the_days_before_alone(shelf):
    book = shelf("one")().changed(Change("a.limit", date(2026, 4, 1), 8))
    assert [book.on(day).number("a.limit") for day in (date(2026, 3, 31), date(2026, 4, 1))] == [5, 8]


def test_a_reading_remembers_what_was_read_and_nothing_else(shelf):
    reading = shelf("one")().on(DAY)
    reading.number("a.limit")
    assert reading.unknown("a", ["x"]).figures == {"a.limit": "5"}


def test_a_pack_is_a_folder_and_needs_nothing_else(shelf):
    assert shelf("one")().entry(FIGURES, "a.limit").label.en == "Limit"


@pytest.mark.parametrize("code", pack_codes())
def test_every_pack_of_the_house_stands_the_check(code):
    assert [str(one) for one in remarks(code) if one.wrong] == []


def test_the_check_names_an_outcome_that_the_rule_does_not_have(settings, tmp_path):
    folder = tmp_path / "handbooks"
    shutil.copytree(settings.HANDBOOKS, folder)
    settings.HANDBOOKS = folder
    file = folder / "tv_shopping" / "attendance.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("outcome: absent_half_day", "outcome: absent", 1), "utf-8")
    forget_files()
    out = io.StringIO()
    try:
        with pytest.raises(SystemExit) as ended:
            call_command("handbook", "check", "tv_shopping", stdout=out)
    finally:
        forget_files()
    assert ended.value.code == 2
    assert "'absent' is no outcome of the rule" in out.getvalue()
    assert "attendance.yaml:" in out.getvalue()


def test_every_open_question_has_its_decision_in_both_languages():
    book = gap_book()
    assert {f"C-{number:02}" for number in range(1, 39)} <= set(book)
    assert {f"FJ-{number:02}" for number in range(1, 26)} <= set(book)
    for gap in book.values():
        assert gap.decision.zh
        assert gap.decision.en
        assert gap.clauses


def test_a_slip_in_a_file_leaves_what_was_read_before_standing_until_it_is_mended(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr(handbook_module, "_CHECK_EVERY", -1.0)
    here = shelf("one")
    assert here().on(DAY).number("a.limit") == 5
    slip = FIGURE.replace("unit: minutes", "unit: minuets")
    shelf("one", slip)
    assert here().on(DAY).number("a.limit") == 5
    with pytest.raises(PackError):
        packs.chain("one", tmp_path)
    assert refusal(shelf("two", slip)).line  # never read well: nothing can stand
    shelf("one", FIGURE.replace("value: 5", "value: 7"))
    assert here().on(DAY).number("a.limit") == 7


@pytest.fixture
def house(settings, tmp_path, monkeypatch):
    """house("units.yaml", old, new): rewrite one of the house's files, in a copy of them that is read at once."""
    folder = tmp_path / "handbooks"
    shutil.copytree(settings.HANDBOOKS, folder)
    settings.HANDBOOKS = folder
    forget_files()
    monkeypatch.setattr(handbook_module, "_CHECK_EVERY", -1.0)
    handbook_of("tv_shopping")

    def rewrite(name, old, new):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return handbook_of("tv_shopping")

    yield rewrite
    forget_files()


LATE = "attendance.late.half_day_absence_after_minutes"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("units.yaml", "\nminutes:", "\nminute:"),
        ("roles.yaml", "\nTEAM_LEADER:", "\nLEADER:"),
        ("roles.yaml", "positions: [TSRL, CSRL]", "positions: null"),
        ("gaps.yaml", "\nC-01:", "\nC-99:"),
        ("base/pack.yaml", "Asia/Shanghai", "Asia/Shangahi"),
    ],
)
def test_words_change_only_together_with_packs_that_can_be_read_by_them(house, file, old, new):
    book = house(file, old, new)
    assert book.on(DAY).number(LATE) == 15
    assert "minutes" in units()
    assert role_words()["TEAM_LEADER"].positions == ("TSRL", "CSRL")
    assert "C-01" in gap_book()
    assert shown_trouble()
    assert house(file, new, old).on(DAY).number(LATE) == 15
    assert shown_trouble() == ""


def test_a_base_that_an_entry_is_taken_away_from_in_vain_is_told_while_what_was_read_before_stands(house):
    house("tv_shopping/attendance.yaml", "\nfigures:", "\nfigures:\n  no.such.figure:")
    assert "the base has no such entry" in shown_trouble()
    house("tv_shopping/attendance.yaml", "\n  no.such.figure:", "")
    assert shown_trouble() == ""


def shown_trouble():
    """What the handbook's first page says of this site's pack."""
    return next(one.error for one in pack_lines() if one.here)


def test_a_word_called_otherwise_is_called_so_at_once(house):
    house("roles.yaml", "zh: 班长", "zh: 组长")
    assert role_words()["TEAM_LEADER"].title.zh == "组长"
    house("roles.yaml", "zh: 组长", "zh: 班长")
    assert role_words()["TEAM_LEADER"].title.zh == "班长"


def test_a_zone_that_is_none_and_a_sign_of_no_text_are_told_with_their_file(shelf, tmp_path):
    made = shelf("one", FIGURE.replace("Limit", "Li\amit"))
    assert "rules.yaml:1: not readable" in str(refusal(made))
    shelf("one")
    with (tmp_path / "one" / "pack.yaml").open("a") as file:
        file.write("zone: Asia/Shangahi\n")
    assert "pack.yaml:5: no such time zone" in str(refusal(lambda: packs.pack("one", tmp_path)))


def test_what_an_editor_puts_beside_a_file_that_it_has_open_is_not_read(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr(handbook_module, "_CHECK_EVERY", -1.0)
    here = shelf("one")
    (tmp_path / "one" / ".#rules.yaml").symlink_to("somebody@elsewhere.1")
    assert here().on(DAY).number("a.limit") == 5
    shelf("one", FIGURE.replace("value: 5", "value: 7"))
    assert here().on(DAY).number("a.limit") == 7
