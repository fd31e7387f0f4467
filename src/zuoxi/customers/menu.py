# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.customers.selectors import searched
from zuoxi.customers.visibility import visible_customers
from zuoxi.web.navigation import Face, Hit, NavItem, SearchProvider, register


def found(request: HttpRequest, words: str) -> Iterable[Hit]:
    """Customers by name, tag or whole number."""
    rows = searched(words, visible_customers(request.user))[:10] if words.strip() else []
    return [
        Hit(str(one), reverse("customers:customer", args=[one.pk]), ", ".join(one.tags), "customer") for one in rows
    ]


register(NavItem(Face.MANAGE, _("Customers"), "customers:customers", "customers.view", "customer", 30))
register(SearchProvider(_("Customers"), "customers.view", found, 30))
