# SPDX-License-Identifier: Apache-2.0
"""SIP endpoints: agents' desk phones and browser phones, trunks, and (for a switch of our own) the transports."""

from .plan import Agent, Device, SwitchPlan, Trunk
from .text import ConfFile


def endpoints(plan: SwitchPlan) -> str:
    """``zuoxi_pjsip.conf``: what an existing Asterisk includes at the end of its own ``pjsip.conf``."""
    conf = ConfFile()
    _agent_templates(conf, plan)
    for agent in plan.agents:
        _agent(conf, agent, plan.qualify_seconds)
    for trunk in plan.trunks:
        _trunk(conf, trunk)
    return conf.text()


def base(sip_bind: str, external: str = "", local_networks: tuple[str, ...] = ()) -> str:
    """``pjsip.conf`` of a switch that belongs to Zuoxi alone; ``external``: its address as the outside knows it."""
    conf = ConfFile()
    # by user name before address: a browser's REGISTER must not be taken for the trunk behind the same address
    conf.section("global").set("type", "global").set("user_agent", "zuoxi")
    conf.set("endpoint_identifier_order", "username,ip,anonymous")
    conf.section("system").set("type", "system").set("timer_t1", 500)
    conf.set("threadpool_initial_size", 8).set("threadpool_auto_increment", 4).set("threadpool_max_size", 32)
    conf.section("transport-udp").set("type", "transport").set("protocol", "udp").set("bind", sip_bind)
    if external:
        conf.set("external_media_address", external).set("external_signaling_address", external)
        for network in local_networks:
            conf.set("local_net", network)
    conf.section("transport-ws").set("type", "transport").set("protocol", "ws").set("bind", "0.0.0.0")  # noqa: S104
    return conf.text() + "\n#include zuoxi_pjsip.conf\n"


def _agent_templates(conf: ConfFile, plan: SwitchPlan) -> None:
    for name in ("zuoxi-desk", "zuoxi-browser"):
        conf.section(name, template=True).set("type", "endpoint").set("context", "from-agent")
        conf.set("disallow", "all")
        conf.set("allow", plan.agent_codecs if name == "zuoxi-desk" else plan.browser_codecs)
        conf.set("direct_media", "no").set("timers", "no").set("tone_zone", "cn").set("language", "zh")
        conf.set("set_var", "TRANSFER_CONTEXT=zuoxi-transfer")
        if name == "zuoxi-browser":
            # encryption, ICE and one port for everything: webrtc=yes sets what browsers insist on
            conf.set("webrtc", "yes").set("dtls_auto_generate_cert", "yes")
            conf.set("rewrite_contact", "yes")
            # a closed lid ends its call instead of holding a customer for ever
            conf.set("rtp_timeout", 30).set("rtp_timeout_hold", 3600)
    conf.section("zuoxi-auth", template=True).set("type", "auth").set("auth_type", "digest")
    conf.section("zuoxi-phones", template=True).set("type", "aor").set("max_contacts", 1)
    conf.set("remove_existing", "yes").set("minimum_expiration", 30).set("maximum_expiration", 600)


def _agent(conf: ConfFile, agent: Agent, qualify_seconds: int) -> None:
    kind = "zuoxi-browser" if agent.device is Device.BROWSER else "zuoxi-desk"
    caller_id = f'"{agent.name or agent.code}" <{agent.code}>'
    conf.section(agent.code, inherits=kind).set("auth", agent.code).set("aors", agent.code)
    conf.set("callerid", caller_id).set("set_var", f"ZUOXI_AGENT={agent.code}")
    conf.section(agent.code, inherits="zuoxi-auth").set("username", agent.code).set("password", agent.secret)
    conf.section(agent.code, inherits="zuoxi-phones")
    if agent.contact:
        conf.set("contact", f"sip:{agent.code}@{agent.contact}")
    else:
        conf.set("qualify_frequency", qualify_seconds)


def _trunk(conf: ConfFile, trunk: Trunk) -> None:
    conf.section(trunk.name).set("type", "endpoint").set("context", "from-trunk")
    conf.set("disallow", "all").set("allow", trunk.codecs).set("aors", trunk.name)
    conf.set("direct_media", "no").set("timers", "no").set("dtmf_mode", trunk.dtmf).set("tone_zone", "cn")
    # what a stranger writes into his headers is not believed; see the first dial-plan step
    conf.set("trust_id_inbound", "no").set("send_pai", "no")
    if trunk.username:
        conf.set("outbound_auth", trunk.name)
    conf.section(trunk.name).set("type", "aor").set("contact", f"sip:{trunk.contact}")
    if trunk.match:
        conf.section(trunk.name).set("type", "identify").set("endpoint", trunk.name)
        for address in trunk.match:
            conf.set("match", address)
    if trunk.username:
        _registration(conf, trunk)


def _registration(conf: ConfFile, trunk: Trunk) -> None:
    conf.section(trunk.name).set("type", "auth").set("auth_type", "digest")
    conf.set("username", trunk.username).set("password", trunk.secret)
    conf.section(f"{trunk.name}-registration").set("type", "registration")
    conf.set("outbound_auth", trunk.name).set("server_uri", f"sip:{trunk.contact}")
    conf.set("client_uri", f"sip:{trunk.username}@{trunk.contact}").set("retry_interval", 30)
