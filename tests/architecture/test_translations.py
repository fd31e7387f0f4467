# SPDX-License-Identifier: Apache-2.0
import re

import pytest
from tests.architecture.msgids import PACKAGES, catalogue, sentences

HOLE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_of_a_package_is_said_in_chinese(package):
    said = {sentence for one in PACKAGES for sentence, forms in catalogue(one).items() if forms}
    missing = {place: sentence[1] for sentence, place in sentences(package).items() if sentence not in said}
    assert not missing


@pytest.mark.parametrize("package", PACKAGES)
def test_no_catalogue_keeps_what_nobody_says(package):
    shown = {sentence for one in PACKAGES for sentence in sentences(one)}
    assert not [sentence[1] for sentence in catalogue(package) if sentence not in shown]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_translation_fills_the_same_holes_as_its_sentence(package):
    wrong = [
        (msgid, form)
        for (_context, msgid), forms in catalogue(package).items()
        for form in forms
        if sorted(map(str, HOLE.findall(form))) != sorted(map(str, HOLE.findall(msgid)))
    ]
    assert not wrong


def test_one_sentence_is_said_one_way_everywhere():
    """Catalogues of all packages are one at run time: give homonyms a context (`pgettext`)."""
    said: dict[tuple[str | None, str], dict[tuple[str, ...], str]] = {}
    for package in PACKAGES:
        for sentence, forms in catalogue(package).items():
            said.setdefault(sentence, {}).setdefault(forms, package)
    assert not {
        sentence[1]: {package: forms[0] for forms, package in ways.items() if forms}
        for sentence, ways in said.items()
        if len(ways) > 1
    }
