# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.customers.finding import searched
from zuoxi.customers.visibility import visible_customers
from zuoxi.web.navigation import Face, Group, Hit, NavItem, SearchProvider, register


def found(request: HttpRequest, words: str) -> Iterable[Hit]:
    """Customers by name, tag or whole number."""
    rows = visible_customers(request.user).filter(merged_into=None)
    hits = searched(words, rows)[:10] if words.strip() else []
    return [
        Hit(str(one), reverse("customers:customer", args=[one.pk]), ", ".join(one.tags), "customer") for one in hits
    ]


SERVICE = Group.SERVICE
register(NavItem(Face.MANAGE, _("Customers"), "customers:customers", "customers.browse", "customer", 10, group=SERVICE))
register(NavItem(Face.DESK, _("Find a customer"), "customers:customers", "customers.edit", "customer", 20))
register(
    NavItem(Face.MANAGE, _("The same customer twice"), "customers:twins", "customers.merge", "merge", 12, group=SERVICE)
)
register(
    NavItem(Face.MANAGE, _("Do-not-call list"), "customers:bars", "customers.browse", "phone-off", 14, group=SERVICE)
)
register(
    NavItem(
        Face.MANAGE, _("Changes without business"), "customers:changes", "customers.audit", "eye", 16, group=SERVICE
    )
)
register(
    NavItem(Face.MANAGE, _("Import customers"), "customers:imports", "customers.import", "import", 18, group=SERVICE)
)
register(
    NavItem(Face.MANAGE, _("Service registers"), "customers:counts", "customers.count", "table", 20, group=SERVICE)
)
register(SearchProvider(_("Customers"), "customers.view", found, 30))
