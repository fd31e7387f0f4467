# SPDX-License-Identifier: Apache-2.0
"""One customer: who he is, where he lives, whom he belongs to, and everything that happened with him."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.customers import cards, services
from zuoxi.customers.forms import AddressForm, ConsentForm, CustomerForm, IdentityForm
from zuoxi.customers.models import Consent, Customer
from zuoxi.customers.visibility import visible_customers
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.vault import masking
from zuoxi.vault.origin import address_of
from zuoxi.web.access import may

CHANGES = 15


def _staff(request: HttpRequest) -> Staff | None:
    return staff_of(request.user) if isinstance(request.user, User) else None


def business_of(request: HttpRequest) -> services.Business:
    """What a change belongs to, as the page said it: "ticket:…" from a link, or a number that was typed."""
    text = request.POST.get("business", "").strip()[:64]
    kind, sign, number = text.partition(":")
    if sign and kind in ("call", "ticket", "order"):
        return services.Business(kind, number.strip())
    if not text:
        return services.NO_BUSINESS
    return services.Business("order" if text[:1].upper() in ("O", "D") else "ticket", text)


def standing_or_404(request: HttpRequest, pk: int) -> Customer:
    """The customer if the person may see him, as he stands since merges."""
    rows = visible_customers(request.user).select_related("merged_into", "parent", "seller", "made_by")
    return get_object_or_404(rows, pk=pk)


@shows("CUS-001", "CUS-002", "CUS-016")
@may("customers.view")
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    found = standing_or_404(request, pk)
    if found.merged_into_id:
        messages.info(request, _("This record was merged into another one; here is the one that stands."))
        return redirect("customers:customer", found.merged_into_id)
    return _page(request, found)


def _page(request: HttpRequest, found: Customer, **more: Any) -> HttpResponse:
    user: Any = request.user
    card = cards.card_of(found, "", timezone.now())
    numbers = [(one, masking.phone(one.number), cards.number_told(one.number)) for one in found.numbers.all()]
    full = user.may("customers.edit")
    context = {
        "customer": found,
        "card": card,
        "numbers": numbers,
        "identity": masking.identity(found.identity),
        "addresses": [(one, one.written if full else masking.address(one.written)) for one in card.addresses],
        "members": list(found.members.filter(merged_into=None)[:50]),
        "consents": card.consents,
        "channels": Consent.Channel.choices,
        "changes": list(found.changes.select_related("by")[:CHANGES]),
        "merges": list(found.merges.select_related("gone", "by").filter(undone_at=None)),
        "consent_form": ConsentForm(),
        "address_form": AddressForm(),
        "identity_form": IdentityForm(initial={"identity_kind": found.identity_kind}),
        **more,
    }
    return render(request, "customers/customer.html", context)


@may("customers.edit")
def new(request: HttpRequest) -> HttpResponse:
    form = CustomerForm(request.POST or None, initial={"kind": Customer.Kind.PERSON})
    if request.method == "POST" and form.is_valid() and (made := _saved(request, form, None)):
        return redirect("customers:customer", made.pk)
    return render(request, "customers/form.html", {"form": form}, status=422 if form.errors else 200)


@may("customers.edit")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = standing_or_404(request, pk)
    start = {
        "name": found.name,
        "kind": found.kind,
        "grade": found.grade,
        "source": found.source,
        "seller": found.seller.code if found.seller else "",
        "parent": found.parent_id or "",
        "language": found.language,
        "birthday": found.birthday,
        "tags": ", ".join(found.tags),
        "note": found.note,
        "business": request.GET.get("business", "")[:64],
    }
    form = CustomerForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _saved(request, form, found):
        return redirect("customers:customer", pk)
    context = {"form": form, "customer": found}
    return render(request, "customers/form.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: CustomerForm, found: Customer | None) -> Customer | None:
    """The customer as he now stands; None when it was refused (the form says why)."""
    said = form.cleaned_data
    try:
        saved = services.save_customer(
            found,
            name=said["name"],
            tags=form.tag_list(),
            note=said["note"],
            by=_staff(request),
            now=timezone.now(),
            number=said["number"],
            business=business_of(request),
            **form.values(),
        )
    except services.Refused as refusal:
        form.add_error("number" if said["number"] else None, str(refusal))
        return None
    messages.success(request, _("Saved."))
    return saved


def _done(request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    """Do it and go back to the page; a refusal is told there."""
    try:
        act()
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("customers:customer", pk)


@require_POST
@may("customers.view")
def reveal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one whole number after its purpose has been written down."""
    found = standing_or_404(request, pk)
    contact = get_object_or_404(found.numbers, pk=number)
    purpose = request.POST.get("purpose", "")
    try:
        shown = services.reveal_number(contact, by=_staff(request), purpose=purpose, ip=address_of(request))
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, found)
    return _page(request, found, revealed_pk=contact.pk, revealed_number=shown)


@require_POST
@may("customers.edit")
def reveal_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole number of the document after the purpose has been written down."""
    found = standing_or_404(request, pk)
    try:
        shown = services.reveal_identity(
            found, by=_staff(request), purpose=request.POST.get("purpose", ""), ip=address_of(request)
        )
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, found)
    return _page(request, found, revealed_identity=shown)


@require_POST
@may("customers.edit")
def say_identity(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = standing_or_404(request, pk), IdentityForm(request.POST)
    if not form.is_valid():
        return _page(request, found, identity_form=form)
    values = {key: value for key, value in form.cleaned_data.items() if key != "identity" or value}
    by, now, of = _staff(request), timezone.now(), business_of(request)
    return _done(request, pk, lambda: services.change_customer(found, values, by=by, now=now, business=of))


@require_POST
@may("customers.edit")
def add_number(request: HttpRequest, pk: int) -> HttpResponse:
    found, said = standing_or_404(request, pk), request.POST
    by, now, of = _staff(request), timezone.now(), business_of(request)
    number, label = said.get("number", ""), said.get("label", "")
    return _done(request, pk, lambda: services.add_number(found, number, label, by=by, now=now, business=of))


@require_POST
@may("customers.edit")
def drop(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = standing_or_404(request, pk)
    services.drop_number(found, number, by=_staff(request), now=timezone.now(), business=business_of(request))
    return redirect("customers:customer", pk)


@require_POST
@may("customers.edit")
def add_address(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = standing_or_404(request, pk), AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, found, address_form=form)
    parts = dict(form.cleaned_data)
    label, preferred = parts.pop("label"), parts.pop("preferred")
    by, now, of = _staff(request), timezone.now(), business_of(request)
    return _done(
        request,
        pk,
        lambda: services.add_address(found, parts, by=by, now=now, label=label, preferred=preferred, business=of),
    )


@require_POST
@may("customers.edit")
def drop_address(request: HttpRequest, pk: int, address: int) -> HttpResponse:
    found = standing_or_404(request, pk)
    by, now, of = _staff(request), timezone.now(), business_of(request)
    return _done(request, pk, lambda: services.drop_address(found, address, by=by, now=now, business=of))


@require_POST
@may("customers.edit")
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what he said about being called or written to."""
    found, form = standing_or_404(request, pk), ConsentForm(request.POST)
    if not form.is_valid():
        return _page(request, found, consent_form=form)
    said, by, now = form.cleaned_data, _staff(request), timezone.now()
    return _done(
        request,
        pk,
        lambda: services.say_consent(
            found,
            said["channel"],
            given=said["given"] == "yes",
            proof_kind=said["proof_kind"],
            proof=said["proof"],
            by=by,
            now=now,
        ),
    )
