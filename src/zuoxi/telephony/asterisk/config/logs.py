# SPDX-License-Identifier: Apache-2.0
"""What the switch writes down by itself: queue log, channel event log, call records, messages."""

from .text import ConfFile

# Caller identity is left out on purpose: a channel event is written before the dial plan could filter it.
CEL_COLUMNS = {
    "eventtype": "eventtype",
    "eventtime": "eventtime",
    "uniqueid": "CHANNEL(uniqueid)",
    "linkedid": "CHANNEL(linkedid)",
    "channame": "CHANNEL(channame)",
    "context": "CHANNEL(context)",
    "exten": "CHANNEL(exten)",
    "appname": "CHANNEL(appname)",
    "peer": "BRIDGEPEER",
    "eventextra": "eventextra",
}

CEL_EVENTS = (
    "CHAN_START",
    "CHAN_END",
    "ANSWER",
    "HANGUP",
    "BRIDGE_ENTER",
    "BRIDGE_EXIT",
    "BLINDTRANSFER",
    "ATTENDEDTRANSFER",
    "PICKUP",
    "LOCAL_OPTIMIZE",
    "LINKEDID_END",
    "USER_DEFINED",
)


def cel() -> str:
    """``cel.conf``; without ``dateformat`` the time is seconds since 1970 with six decimals, free of time zones."""
    conf = ConfFile()
    conf.section("general").switch("enable", True).set("events", ",".join(CEL_EVENTS))
    return conf.text()


def cel_csv() -> str:
    """``cel_custom.conf``: one quoted line per event, columns :data:`CEL_COLUMNS`."""
    conf = ConfFile()
    columns = ",".join(f"${{CSV_QUOTE(${{{column}}})}}" for column in CEL_COLUMNS.values())
    conf.section("mappings")
    conf.point("Master.csv", columns)
    return conf.text()


def cdr() -> str:
    conf = ConfFile()
    conf.section("general").switch("enable", True).switch("unanswered", True).switch("congestion", True)
    conf.section("csv").switch("usegmtime", True).switch("loguniqueid", True)
    return conf.text()


def logger() -> str:
    conf = ConfFile()
    conf.section("general").set("dateformat", "%F %T.%3q").switch("queue_log", True)
    conf.switch("queue_log_to_file", True).switch("use_callids", False)
    conf.section("logfiles").set("messages.log", "warning,error,notice")
    return conf.text()
