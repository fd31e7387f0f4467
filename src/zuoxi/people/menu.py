# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.search import find_staff
from zuoxi.web.navigation import Face, Group, NavItem, SearchProvider, Slot, register

register(Slot("person", "people/my_links.html"))
register(NavItem(Face.MANAGE, _("Staff"), "people:staff", "people.staff", "people", 500, home=90, group=Group.PEOPLE))
register(NavItem(Face.MANAGE, _("Changes of post"), "people:changes", "people.path", "route", 505, group=Group.PEOPLE))
register(
    NavItem(
        Face.ME,
        pgettext_lazy("people", "Handovers"),
        "people:handovers",
        "people.handovers",
        "swap",
        95,
        group=Group.MORE,
    )
)
register(
    NavItem(
        Face.MANAGE, _("Organisation"), "people:organisation", "people.organisation", "route", 510, group=Group.PEOPLE
    )
)
register(
    NavItem(Face.MANAGE, _("Import staff"), "people:import", "people.staff.import", "upload", 520, group=Group.PEOPLE)
)
register(SearchProvider(_("Staff"), "people.staff", find_staff, order=20))
