# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.access import capability
from zuoxi.web.roles import Role

JOBS = capability("jobs.all", _("See and steer all background work"), {Role.IT, Role.SM, Role.DIR, Role.DA})
