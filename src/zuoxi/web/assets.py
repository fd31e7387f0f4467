# SPDX-License-Identifier: Apache-2.0
"""Addresses of what the front end's build made; a page without a build still stands, only unstyled."""

from __future__ import annotations

import structlog
from django.core.checks import CheckMessage, Warning, register
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError

log = structlog.get_logger(__name__)
ENTRY = "src/app.ts"
SPRITE = "src/icons.svg"
_NOT_BUILT = (DjangoViteAssetNotFoundError, DjangoViteManifestError)


def entry_tags() -> SafeString:
    """Script and style tags of the one entry; islands load their own parts when they open."""
    try:
        tags = str(DjangoViteAssetLoader.instance().generate_vite_asset(ENTRY))
    except _NOT_BUILT:
        log.warning("front_end_not_built")
        tags = ""
    return SafeString(tags)


def sprite_url() -> str:
    try:
        return str(DjangoViteAssetLoader.instance().generate_vite_asset_url(SPRITE))
    except _NOT_BUILT:
        return ""


def icon_svg(name: str, size: str = "", label: str = "") -> SafeString:
    """One icon of the sprite; without a label it is decoration and hidden from readers of the page."""
    kind = f"icon icon-{size}" if size else "icon"
    use = format_html('<use href="{}#{}"></use>', sprite_url(), name)
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}">{}</svg>', kind, label, use)
    return format_html('<svg class="{}" aria-hidden="true">{}</svg>', kind, use)


@register()
def built(**_kwargs: object) -> list[CheckMessage]:
    """web.W001 while the front end is not built."""
    if sprite_url():
        return []
    return [Warning("The front end is not built.", hint="Run: cd frontend && npm ci && npm run build", id="web.W001")]
