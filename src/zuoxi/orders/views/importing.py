# SPDX-License-Identifier: Apache-2.0
"""Orders from a file: what it holds, what is wrong in it, and taking what is right."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.orders import imports
from zuoxi.orders.views.asking import who
from zuoxi.vault import import_shelf
from zuoxi.web.access import may
from zuoxi.web.tabular import Unreadable


@may("orders.import")
def page(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is read and told back, and nothing is kept yet."""
    context: dict[str, object] = {"columns": [words[0] for words in imports.COLUMNS.values()]}
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        content = file.read() if file else b""
        try:
            if not content:
                raise Unreadable(_("Choose a file."))
            context |= {"looked": imports.look(content), "token": import_shelf.keep(content, request.user.pk or 0)}
        except Unreadable as wrong:
            context["wrong"], status = wrong.message, 422
    return render(request, "orders/import.html", context, status=status)


@require_POST
@may("orders.import")
def take(request: HttpRequest) -> HttpResponse:
    """Take what was told back; what another has taken meanwhile is told."""
    token = request.POST.get("token", "")
    content = import_shelf.find(token, request.user.pk or 0)
    if content is None:
        messages.error(request, _("The file is not kept any more. Choose it again."))
        return redirect("orders:import")
    done, refused = imports.take(content, by=who(request), now=timezone.now())
    import_shelf.drop(token)
    messages.success(request, _("%(n)d orders were taken.") % {"n": done})
    return render(request, "orders/import.html", {"refused": refused, "done": done, "columns": []})
