# SPDX-License-Identifier: Apache-2.0
"""The two sets of files: includes for a switch that exists, and everything for a switch of our own."""

from dataclasses import dataclass

from . import accounts, dialplan, logs, media, modules, pjsip, queues
from .plan import SwitchPlan, UnsafeValue, shaped
from .text import ConfFile

# modules that refuse to start without a file of their own, however empty
_EMPTY = (
    "acl", "ccss", "cdr_manager", "cli", "cli_permissions", "codecs", "confbridge", "dnsmgr", "dsp", "enum",
    "extconfig", "followme", "geolocation", "pjproject", "pjsip_notify", "queuerules", "res_curl", "sorcery",
    "stasis", "udptl", "voicemail", "websocket_client",
)  # fmt: skip


@dataclass(frozen=True)
class Addresses:
    """Where a switch of our own listens."""

    sip: str = "127.0.0.1:5060"
    manager_host: str = "127.0.0.1"
    manager_port: int = 5038
    web_host: str = "127.0.0.1"
    web_port: int = 8088
    rtp_first: int = 10000
    rtp_last: int = 30000
    modules_folder: str = "/usr/lib/x86_64-linux-gnu/asterisk/modules"
    external: str = ""  # what the outside reaches the switch by, where its own address is translated on the way
    local_networks: tuple[str, ...] = ()  # that reach it by its own address all the same

    def __post_init__(self) -> None:
        shaped("host", self.sip, "address for SIP")
        if self.external:
            shaped("host", self.external, "external address")
        for one in self.local_networks:
            shaped("network", one, "local network")
        if not 1024 <= self.rtp_first < self.rtp_last <= 65_535:
            raise UnsafeValue(f"ports for sound {self.rtp_first}-{self.rtp_last}")


def includes(plan: SwitchPlan) -> dict[str, str]:
    """File name → text, to be ``#include``-d by the like-named files of an existing Asterisk."""
    return {
        "zuoxi_pjsip.conf": pjsip.endpoints(plan),
        "zuoxi_queues.conf": queues.queues(plan),
        "zuoxi_extensions.conf": dialplan.extensions(plan),
        "zuoxi_manager.conf": accounts.account(plan),
        "zuoxi_musiconhold.conf": media.music(),
    }


def whole_switch(
    plan: SwitchPlan, addresses: Addresses | None = None, installed: frozenset[str] | None = None
) -> dict[str, str]:
    """File name → text: a complete ``/etc/asterisk``. ``installed``: see :func:`modules.modules`."""
    at = addresses or Addresses()
    files = includes(plan) | {
        "asterisk.conf": _asterisk(at, plan.system_name),
        "pjsip.conf": pjsip.base(at.sip, at.external, at.local_networks),
        "queues.conf": queues.base(),
        "extensions.conf": dialplan.base(),
        "manager.conf": accounts.base(at.manager_host, at.manager_port),
        "musiconhold.conf": media.music_base(),
        "features.conf": media.features(plan),
        "rtp.conf": media.rtp(at.rtp_first, at.rtp_last),
        "http.conf": media.http(at.web_host, at.web_port),
        "indications.conf": media.indications(),
        "cel.conf": logs.cel(),
        "cel_custom.conf": logs.cel_csv(),
        "cdr.conf": logs.cdr(),
        "logger.conf": logs.logger(),
        "modules.conf": modules.modules(installed),
    }
    return files | {f"{name}.conf": ConfFile().text() for name in _EMPTY}


def _asterisk(at: Addresses, system_name: str) -> str:
    conf = ConfFile().section("directories")
    for key, value in (
        ("astetcdir", "/etc/asterisk"),
        ("astmoddir", at.modules_folder),
        ("astvarlibdir", "/var/lib/asterisk"),
        ("astdbdir", "/var/lib/asterisk"),
        ("astkeydir", "/var/lib/asterisk"),
        ("astdatadir", "/usr/share/asterisk"),
        ("astagidir", "/usr/share/asterisk/agi-bin"),
        ("astspooldir", "/var/spool/asterisk"),
        ("astrundir", "/run/asterisk"),
        ("astlogdir", "/var/log/asterisk"),
        ("astsbindir", "/usr/sbin"),
    ):
        conf.point(key, value)
    conf.section("options").set("verbose", 0).set("debug", 0).set("maxfiles", 60000)
    if system_name:
        conf.set("systemname", system_name)
    conf.set("entityid", "02:00:00:00:00:01")
    conf.switch("transmit_silence", False).switch("live_dangerously", False).switch("hideconnect", True)
    return conf.text()
