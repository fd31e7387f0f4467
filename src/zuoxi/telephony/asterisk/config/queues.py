# SPDX-License-Identifier: Apache-2.0
"""Queues without members: agents sign in at run time, and the switch keeps them when Zuoxi is away."""

from .plan import Queue, SwitchPlan
from .text import ConfFile

OFFERED_EVERY = 45  # seconds: who waits is told of the key now and then, and never at once


def waiting_context(key: str) -> str:
    """The context of the dial plan that takes a caller out of his queue by that key."""
    return f"zuoxi-waiting-{key}"


def queues(plan: SwitchPlan) -> str:
    """``zuoxi_queues.conf``."""
    conf = ConfFile()
    for queue in plan.queues:
        _queue(conf, queue)
    return conf.text()


def base() -> str:
    """``queues.conf`` of a switch that belongs to Zuoxi alone; an existing one needs the same [general]."""
    conf = ConfFile()
    conf.section("general").switch("persistentmembers", True).switch("autofill", True)
    # shared_lastcall takes a lock over every queue of a member: it stalls busy switches
    conf.switch("shared_lastcall", False).switch("log_membername_as_agent", True)
    conf.switch("log_restricted_caller_id", True)
    return conf.text() + "\n#include zuoxi_queues.conf\n"


def _queue(conf: ConfFile, queue: Queue) -> None:
    conf.section(queue.name).set("strategy", queue.strategy.value)
    conf.set("timeout", queue.ring_seconds).set("retry", queue.retry_seconds)
    conf.set("weight", queue.weight).set("maxlen", queue.max_waiting)
    conf.set("servicelevel", queue.service_seconds).set("musicclass", queue.music)
    # wrap-up is a pause of our own: the switch's wrapuptime is cut short when another queue calls
    conf.set("wrapuptime", 0).switch("ringinuse", False).switch("autopause", False)
    conf.switch("setinterfacevar", True)  # tells the survey which agent it is about
    conf.set("timeoutpriority", "conf").switch("timeoutrestart", False)
    conf.set("joinempty", "yes" if queue.join_when_empty else "unavailable,invalid,unknown")
    conf.switch("leavewhenempty", False).switch("reportholdtime", False)
    conf.set("announce-frequency", 0)
    if queue.callback_key:  # the switch leaves the queue for that extension as soon as the key is pressed
        conf.set("context", waiting_context(queue.callback_key))
        conf.set("periodic-announce", "zuoxi/callback").set("periodic-announce-frequency", OFFERED_EVERY)
    else:
        conf.set("periodic-announce-frequency", 0)
    if queue.announce:
        conf.set("announce", queue.announce)
