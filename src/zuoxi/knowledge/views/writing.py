# SPDX-License-Identifier: Apache-2.0
"""Writing, handing in, deciding, taking out of use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.knowledge import services
from zuoxi.knowledge.forms import ArticleForm, blank, from_version
from zuoxi.knowledge.kinds import kinds
from zuoxi.knowledge.markup import drawn
from zuoxi.knowledge.models import Article, Version
from zuoxi.knowledge.views.who import own_record
from zuoxi.knowledge.visibility import own_kinds, visible_articles, visible_versions
from zuoxi.policy.marks import shows
from zuoxi.web.access import may


@shows("KB-001", "KB-002", "KB-003", "KB-012")
@may("knowledge.write")
def new(request: HttpRequest) -> HttpResponse:
    """A new article: first the kind, then its form."""
    mine = own_kinds(request.user)
    offered = {key: body for key, body in kinds().items() if key in mine}
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in offered:
        if kind:
            raise PermissionDenied(kind)
        context = {"kinds": offered.items(), "title": request.GET.get("title", "")[:120]}
        return render(request, "knowledge/choose.html", context)
    start = blank() | {"title": request.GET.get("title", "")[:120]}
    return _form_page(request, None, kind, ArticleForm(request.POST or None, initial=start, body_of_kind=offered[kind]))


@shows("KB-002", "KB-010", "KB-014")
@may("knowledge.write")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The open draft, or the next version begun from what holds."""
    article = get_object_or_404(visible_articles(request.user), pk=pk)
    body = kinds().get(article.kind)
    if body is None or article.kind not in own_kinds(request.user):
        messages.error(request, _("Articles of this kind are kept by others. Tell them what is missing."))
        return redirect("knowledge:article", article.pk)
    held = article.versions.filter(state=Version.State.DRAFT).first()
    base = held or article.current or article.versions.order_by("-number").first()
    start = from_version(base, fresh=held is None) if base else blank()
    return _form_page(
        request, article, article.kind, ArticleForm(request.POST or None, initial=start, body_of_kind=body)
    )


def _form_page(request: HttpRequest, article: Article | None, kind: str, form: ArticleForm) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "article": article, "kind": kind, "kind_body": form.kind_body}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if "preview" in request.POST:
                context["preview"] = drawn(form.cleaned_data["body"])
                return render(request, "knowledge/form.html", context)
            answer = _saved(request, article, kind, form, context)
            if answer is not None:
                return answer
            status = 409
    return render(request, "knowledge/form.html", context, status=status)


def _saved(
    request: HttpRequest, article: Article | None, kind: str, form: ArticleForm, context: dict[str, Any]
) -> HttpResponse | None:
    staff, now = own_record(request), timezone.now()
    try:
        version = services.save_draft(
            article, form.text(), kind=kind, by=staff, now=now, revision=form.cleaned_data.get("revision")
        )
        if "hand_in" in request.POST:
            services.hand_in(version, by=staff, now=now)
            messages.success(request, _("Handed in; whoever decides on it has been told."))
        else:
            messages.success(request, _("The draft is kept."))
    except services.Refused as refused:
        context["refused"] = str(refused)
        return None
    return redirect(f"/knowledge/articles/{version.article_id}/?version={version.number}")


def _version(request: HttpRequest, pk: int) -> Version:
    version = get_object_or_404(visible_versions(request.user).select_related("article"), pk=pk)
    if version.article.kind not in own_kinds(request.user):
        raise PermissionDenied(version.article.kind)
    return version


def _done(request: HttpRequest, version: Version) -> HttpResponse:
    return redirect(f"/knowledge/articles/{version.article_id}/?version={version.number}")


@require_POST
@may("knowledge.write")
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the decision, or (`back`) go on writing."""
    version = _version(request, pk)
    try:
        act = services.take_back if "back" in request.POST else services.hand_in
        act(version, by=own_record(request), now=timezone.now())
        messages.success(
            request,
            _("Taken back.") if "back" in request.POST else _("Handed in; whoever decides on it has been told."),
        )
    except services.Refused as refused:
        messages.error(request, str(refused))
    return _done(request, version)


@require_POST
@may("knowledge.decide")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish or send back."""
    version = _version(request, pk)
    staff, now, today = own_record(request), timezone.now(), timezone.localdate()
    remark = request.POST.get("remark", "")
    try:
        if request.POST.get("decision") == "publish":
            services.publish(version, by=staff, now=now, today=today, remark=remark)
            messages.success(request, _("Published."))
        elif request.POST.get("decision") == "back":
            services.send_back(version, by=staff, now=now, today=today, remark=remark)
            messages.success(request, _("Sent back to its author."))
        else:
            raise Http404("decision")
    except services.Refused as refused:
        messages.error(request, str(refused))
    return _done(request, version)


@require_POST
@may("knowledge.decide")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use for good."""
    article = get_object_or_404(visible_articles(request.user), pk=pk)
    if article.kind not in own_kinds(request.user):
        messages.error(request, _("Articles of this kind are kept by others. Tell them what is missing."))
        return redirect("knowledge:article", article.pk)
    try:
        services.retire(article, by=own_record(request), now=timezone.now(), why=request.POST.get("why", ""))
        messages.success(request, _("Taken out of use."))
    except services.Refused as refused:
        messages.error(request, str(refused))
    return redirect("knowledge:article", pk)
