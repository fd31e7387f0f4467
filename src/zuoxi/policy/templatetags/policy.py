# SPDX-License-Identifier: Apache-2.0
"""Words of the handbook for templates: {{ name|rule_title }}, {{ finding.outcome|outcome_title }}."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from zuoxi.policy import packs
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.packs import UnknownPack
from zuoxi.policy.statutory import statutory_handbook
from zuoxi.policy.vocabulary import fact_word, outcome_titles, rule_titles
from zuoxi.policy.yaml_file import PackError
from zuoxi.web.listed import listed

register = template.Library()


@register.filter
def rule_title(name: str) -> str:
    """What a judgement is called; its name where it has no other."""
    return str(rule_titles().get(name, name))


@register.filter
def outcome_title(code: str) -> str:
    """What an outcome is called; its code where it has no other."""
    return str(outcome_titles().get(code, code))


@register.filter
def fact_title(code: str) -> str:
    """What a fact of a rule, or a detail of a finding, is called."""
    return fact_word("facts", str(code))


@register.filter
def said_value(value: Any) -> Any:
    """A detail's value in words: yes and no, outcomes and choices by name, lists with commas; else as it is."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return listed(str(said_value(one)) for one in value)
    if not isinstance(value, str):
        return "—" if value is None else value
    if value in ("true", "false"):
        return said_value(value == "true")
    known = outcome_titles().get(value)
    return str(known) if known is not None else fact_word("values", value)


@register.filter
def law_figure(key: str) -> str:
    """What a figure of the statutory layer is called."""
    return str(statutory_handbook().entry(FIGURES, key).label)


@register.filter
def section_title(code: str) -> str:
    """What a section of the packs is called."""
    return fact_word("sections", str(code))


@register.filter
def pack_name(code: str) -> str:
    """What a pack is called; its code where nobody knows it or its files cannot be read."""
    try:
        return str(packs.pack(code).body.name)
    except (UnknownPack, PackError):
        return code
