# SPDX-License-Identifier: Apache-2.0
"""The manager interface: one account for Zuoxi with the least rights that work."""

from ..schemas import HEARD
from .plan import SwitchPlan
from .text import ConfFile


def account(plan: SwitchPlan) -> str:
    """``zuoxi_manager.conf``: no ``command``, ``config``, ``dialplan`` or ``system`` write right."""
    conf = ConfFile()
    conf.section(plan.listener.name).set("secret", plan.listener.secret)
    conf.set("deny", "0.0.0.0/0.0.0.0")
    for address in plan.listener.permit:
        conf.set("permit", address)
    conf.set("read", "system,call,agent,user,reporting").set("write", "call,agent,originate,reporting")
    conf.set("writetimeout", 5000).switch("allowmultiplelogin", True)
    # what is not named stays out: Newchannel and Newstate carry a caller's own words before they are filtered
    for event in HEARD:
        conf.set(f"eventfilter(action(include),name({event}))", "")
    return conf.text()


def base(bind: str, port: int) -> str:
    conf = ConfFile()
    conf.section("general").switch("enabled", True).set("bindaddr", bind).set("port", port)
    conf.switch("webenabled", False).switch("timestampevents", True).switch("displayconnects", False)
    return conf.text() + "\n#include zuoxi_manager.conf\n"
