# SPDX-License-Identifier: Apache-2.0
from django import template
from django.utils.functional import Promise

from zuoxi.vault.verbs import verb_label

register = template.Library()


@register.filter
def audit_verb(verb: str) -> str | Promise:
    """{{ row.verb|audit_verb }}: "people.staff.left" in words."""
    return verb_label(verb)
