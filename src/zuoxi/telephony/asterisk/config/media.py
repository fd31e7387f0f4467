# SPDX-License-Identifier: Apache-2.0
"""Music, audio ports, conference rooms, web socket and key codes."""

from .plan import SwitchPlan
from .text import ConfFile


def music() -> str:
    """``zuoxi_musiconhold.conf``."""
    conf = ConfFile()
    conf.section("zuoxi").set("mode", "files").set("directory", "moh/zuoxi")
    return conf.text()


def music_base() -> str:
    conf = ConfFile()
    conf.section("general")
    conf.section("default").set("mode", "files").set("directory", "moh/zuoxi")
    return conf.text() + "\n#include zuoxi_musiconhold.conf\n"


def features(plan: SwitchPlan) -> str:
    """``features.conf``: what an agent types during a call."""
    conf = ConfFile()
    conf.section("general").set("transferdigittimeout", 3).set("atxfernoanswertimeout", 20)
    conf.set("atxfercomplete", "*2").set("atxferabort", "*8").set("atxferthreeway", "*3").set("atxferswap", "*4")
    # no spoken prompts exist in our voice: the transfer menu stays silent instead of failing on a missing file
    for sound in ("xfersound", "xferfailsound"):
        conf.set(sound, "zuoxi/beep")
    conf.section("featuremap")
    for name in sorted(plan.feature_codes):
        conf.set(name, plan.feature_codes[name])
    return conf.text()


def rtp(first_port: int, last_port: int) -> str:
    conf = ConfFile()
    conf.section("general").set("rtpstart", first_port).set("rtpend", last_port)
    conf.switch("strictrtp", True).switch("icesupport", True)
    return conf.text()


def http(bind: str, port: int) -> str:
    """``http.conf``: only the web socket of the browser phones, behind the reverse proxy."""
    conf = ConfFile()
    conf.section("general").switch("enabled", True).set("bindaddr", bind).set("bindport", port)
    conf.switch("enable_static", False).switch("enable_status", False)
    return conf.text()


def indications() -> str:
    """``indications.conf``: the tones of the Chinese network (450 Hz)."""
    conf = ConfFile()
    conf.section("general").set("country", "cn")
    conf.section("cn").set("description", "China").set("ringcadence", "1000,4000")
    conf.set("dial", "450").set("busy", "450/350,0/350").set("ring", "450/1000,0/4000")
    conf.set("congestion", "450/700,0/700").set("callwaiting", "450/400,0/4000")
    conf.set("dialrecall", "450").set("record", "950/400,0/10000").set("info", "450/100,0/100,450/100,0/400")
    conf.set("stutter", "450+425")
    return conf.text()
