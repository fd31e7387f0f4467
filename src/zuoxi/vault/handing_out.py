# SPDX-License-Identifier: Apache-2.0
"""A prepared file goes to its reader at once, or waits for a second person's look (SEC-002)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.vault.releasing import Doer, File, hold, must_be_reviewed


def doer_of(request: HttpRequest) -> Doer:
    """Whoever stands behind the request, by user name."""
    user: Any = request.user
    return Doer(user.get_username(), user.get_full_name() or user.get_username())


def is_reviewed(request: HttpRequest) -> bool:
    """Whether what this reader takes out waits for a second person's look."""
    return must_be_reviewed(request.user.roles)  # type: ignore[union-attr]


def handed_out(
    request: HttpRequest, answer: HttpResponseBase, *, title: str, filename: str, purpose: str = ""
) -> HttpResponseBase:
    """The answer itself; for whoever is reviewed, the page on which it waits."""
    if not is_reviewed(request):
        return answer
    if isinstance(answer, StreamingHttpResponse):
        content = b"".join(cast(Iterable[bytes], answer.streaming_content))
    else:
        content = cast(bytes, cast(Any, answer).content)
    kind = answer.headers.get("Content-Type", "application/octet-stream")
    file = File(title, filename, kind, content, purpose, request.get_full_path())
    hold(file, doer_of(request), timezone.now())
    messages.info(request, _("The file is prepared. It can be downloaded once the support manager has released it."))
    return redirect("vault:exports")
