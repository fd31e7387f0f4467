# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.search import find_staff
from zuoxi.web.navigation import Face, NavItem, SearchProvider, Slot, register

register(Slot("person", "people/my_links.html"))
register(NavItem(Face.MANAGE, _("Staff"), "people:staff", "people.staff", "people", 500, home=90))
register(NavItem(Face.MANAGE, _("Changes of post"), "people:changes", "people.path", "route", 505))
register(NavItem(Face.ME, pgettext_lazy("people", "Handovers"), "people:handovers", "people.handovers", "swap", 95))
register(NavItem(Face.MANAGE, _("Organisation"), "people:organisation", "people.organisation", "route", 510))
register(NavItem(Face.MANAGE, _("Import staff"), "people:import", "people.staff.import", "upload", 520))
register(SearchProvider(_("Staff"), "people.staff", find_staff, order=20))
