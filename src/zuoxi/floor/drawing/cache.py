# SPDX-License-Identifier: Apache-2.0
"""Fragments rendered once per content and language, whoever looks at them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation


@lru_cache(maxsize=8192)
def drawn(template: str, language: str, row: Any) -> str:
    """The template with `row`, a hashable value that holds everything it shows."""
    with translation.override(language):
        return render_to_string(template, {"row": row}).strip()
