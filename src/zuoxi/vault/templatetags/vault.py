# SPDX-License-Identifier: Apache-2.0
from django import template
from django.utils.functional import Promise

from zuoxi.vault.verbs import kind_label, verb_label

register = template.Library()


@register.filter
def audit_verb(verb: str) -> str | Promise:
    """{{ row.verb|audit_verb }}: "people.staff.left" in words."""
    return verb_label(verb)


@register.filter
def audit_kind(kind: str) -> str | Promise:
    """{{ row.on_kind|audit_kind }}: "staff" in words."""
    return kind_label(kind)
