# SPDX-License-Identifier: Apache-2.0
"""Words of the handbook for templates: {{ name|rule_title }}, {{ finding.outcome|outcome_title }}."""

from __future__ import annotations

from django import template

from zuoxi.policy import packs
from zuoxi.policy.packs import UnknownPack
from zuoxi.policy.vocabulary import outcome_titles, rule_titles
from zuoxi.policy.yaml_file import PackError

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
def pack_name(code: str) -> str:
    """What a pack is called; its code where nobody knows it or its files cannot be read."""
    try:
        return str(packs.pack(code).body.name)
    except (UnknownPack, PackError):
        return code
