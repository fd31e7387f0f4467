# SPDX-License-Identifier: Apache-2.0
from zuoxi.web.navigation import Slot, register

register(Slot("person", "people/my_links.html"))
