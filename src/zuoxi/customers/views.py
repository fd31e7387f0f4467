# SPDX-License-Identifier: Apache-2.0
"""Customers: finding, writing down, and looking at one with his calls left to the pages of telephony."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from zuoxi.customers import services
from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import searched
from zuoxi.customers.visibility import visible_customers
from zuoxi.people.selectors import staff_of
from zuoxi.vault import masking
from zuoxi.vault.origin import address_of
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


class CustomerForm(forms.Form):
    """Who it is, and what the next agent should know."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    number = forms.CharField(label=gettext_lazy("Telephone number"), max_length=32, required=False)
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Short words, with commas between them."),
    )
    note = forms.CharField(
        label=pgettext_lazy("customer", "Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def tag_list(self) -> list[str]:
        return str(self.cleaned_data["tags"]).replace("，", ",").replace("、", ",").split(",")


@may("customers.view")
def customers(request: HttpRequest) -> HttpResponse:
    """The list for those who may browse; everybody else finds by name or whole number."""
    user: Any = request.user
    words = request.GET.get("q", "")
    rows = searched(words, visible_customers(request.user)).prefetch_related("numbers")
    if not words.strip() and not user.may("customers.browse"):
        rows = rows.none()
    page = page_of(request, rows, {"name": "name", "changed": "changed_at"}, "-changed")
    lines = [(one, [masking.phone(number.number) for number in one.numbers.all()]) for one in page.rows]
    return render(request, "customers/list.html", {"page": page, "lines": lines, "words": words})


@may("customers.view")
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(visible_customers(request.user), pk=pk))


def _page(request: HttpRequest, found: Customer, **more: Any) -> HttpResponse:
    numbers = [(number, masking.phone(number.number)) for number in found.numbers.all()]
    return render(request, "customers/customer.html", {"customer": found, "numbers": numbers, **more})


@may("customers.edit")
def new(request: HttpRequest) -> HttpResponse:
    form = CustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (made := _saved(request, form, None)):
        return redirect("customers:customer", made.pk)
    return render(request, "customers/form.html", {"form": form}, status=422 if form.errors else 200)


@may("customers.edit")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_customers(request.user), pk=pk)
    start = {"name": found.name, "tags": ", ".join(found.tags), "note": found.note}
    form = CustomerForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _saved(request, form, found):
        return redirect("customers:customer", pk)
    context = {"form": form, "customer": found}
    return render(request, "customers/form.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: CustomerForm, found: Customer | None) -> Customer | None:
    """The customer as he now stands; None when the number was refused (the form says why)."""
    said = form.cleaned_data
    try:
        saved = services.save_customer(
            found,
            name=said["name"],
            tags=form.tag_list(),
            note=said["note"],
            by=staff_of(request.user),
            now=timezone.now(),
            number=said["number"],
        )
    except services.Refused as refusal:
        form.add_error("number", str(refusal))
        return None
    messages.success(request, _("Saved."))
    return saved


@require_POST
@may("customers.view")
def reveal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one whole number after its purpose has been written down."""
    found = get_object_or_404(visible_customers(request.user), pk=pk)
    contact = get_object_or_404(found.numbers, pk=number)
    purpose = request.POST.get("purpose", "")
    try:
        shown = services.reveal_number(contact, by=staff_of(request.user), purpose=purpose, ip=address_of(request))
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, found)
    return _page(request, found, revealed_pk=contact.pk, revealed_number=shown)


@require_POST
@may("customers.edit")
def drop(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    services.drop_number(get_object_or_404(visible_customers(request.user), pk=pk), number)
    return redirect("customers:customer", pk)
