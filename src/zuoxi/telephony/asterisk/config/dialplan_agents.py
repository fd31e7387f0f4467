# SPDX-License-Identifier: Apache-2.0
"""What agents and supervisors reach: each other, the outside, transfers, conferences, listening in; and recording."""

from . import reloading, surveys
from .plan import SwitchPlan
from .text import ConfFile

_LONGEST_NUMBER = 20
# Only an agent's telephone that begins a call announces one: a consultation belongs to the call it serves, and a
# transferred customer comes through here too.
_UNLESS_FIRST = 'GotoIf($["${ZUOXI_AGENT}" = "" | "${CHANNEL(linkedid)}" != "${UNIQUEID}"]?dial)'


def contexts(conf: ConfFile, plan: SwitchPlan) -> None:
    _from_agent(conf, plan)
    _internal(conf, plan)
    _outbound(conf, plan)
    _requeue(conf, plan)
    _recording(conf, plan)
    _supervision(conf)
    reloading.context(conf)


def _from_agent(conf: ConfFile, plan: SwitchPlan) -> None:
    """The same targets for a new call and for a transfer. Lengths are spelled out: no wildcard, no strange text."""
    conf.section("from-agent").point("include", "zuoxi-targets")
    conf.section("zuoxi-transfer")
    # a transferred customer runs this himself: the recording of the leg he leaves ends with that agent's channel
    conf.point("include", "zuoxi-targets")
    conf.section("zuoxi-targets")
    for agent in plan.agents:
        conf.steps(agent.code, [f"Gosub(zuoxi-internal,s,1({agent.code}))", "Hangup()"])
    for number in plan.numbers:
        conf.steps(number.number, [f"Goto(zuoxi-requeue-{number.queue},s,1)"])
    if plan.trunks:
        for prefix in ("", "+"):
            _numbers_of_any_length(conf, prefix, ["Gosub(zuoxi-outbound,s,1(${EXTEN}))", "Hangup()"])
        for prefix in plan.forbidden_prefixes:
            _numbers_of_any_length(conf, prefix, ["Hangup(21)"])


def _numbers_of_any_length(conf: ConfFile, prefix: str, steps: list[str]) -> None:
    for length in range(3, _LONGEST_NUMBER + 1):
        if length > len(prefix.lstrip("+")):
            conf.steps(f"_{prefix}{'X' * (length - len(prefix.lstrip('+')))}", steps)


def _internal(conf: ConfFile, plan: SwitchPlan) -> None:
    conf.section("zuoxi-internal")
    conf.steps(
        "s",
        [
            _UNLESS_FIRST,
            f"Set(__ZUOXI_RECORD={int(plan.record_internal)})",
            "UserEvent(ZuoxiCall,Direction: internal,Caller: ${ZUOXI_AGENT},Called: ${ARG1},Number: ${ARG1},"
            "Agent: ${ZUOXI_AGENT})",
            # g: a customer who was passed on by hand goes on here when this agent hangs up, and is asked as well
            "dial@Dial(PJSIP/${ARG1},30,tTgU(zuoxi-agent-connected))",
            'GotoIf($["${ZX_QUEUE}" = "" | "${DIALSTATUS}" != "ANSWER"]?out)',
            surveys.ask("${ZX_QUEUE}", "${ARG1}"),
            "out@Return()",
        ],
    )


def _outbound(conf: ConfFile, plan: SwitchPlan) -> None:
    if not plan.trunks:
        return
    present = plan.present or "${ZUOXI_AGENT}"
    conf.section("zuoxi-outbound")
    steps = [
        f"Set(TIMEOUT(absolute)={plan.longest_call_seconds})",
        f'Set(ZX_SHOWN=${{IF($["${{ZUOXI_PRESENT}}" = ""]?{present}:${{FILTER(0-9+,${{ZUOXI_PRESENT}})}})}})',
        _UNLESS_FIRST,
        "UserEvent(ZuoxiCall,Direction: outbound,Caller: ${ZX_SHOWN},Called: ${ARG1},Number: ${ARG1},"
        "Agent: ${ZUOXI_AGENT})",
    ]
    if plan.record_outbound:
        steps.append("Gosub(zuoxi-record,s,1(${ZUOXI_AGENT},b,${CHANNEL(linkedid)}))")
    steps += [
        "dial@Set(CALLERID(num)=${ZX_SHOWN})",
        "Set(CALLERID(name)=)",
        f"Dial(PJSIP/${{ARG1}}@{plan.trunks[0].name},60,TU(zuoxi-outbound-answered^${{ZX_PATH}}^${{ZUOXI_AGENT}}^${{CHANNEL}}))",
        "Return()",
    ]
    conf.steps("s", steps)
    # runs on the called party's channel: the recorder on the agent's channel has been waiting for this moment
    conf.section("zuoxi-outbound-answered")
    conf.steps(
        "s",
        [
            'GotoIf($["${ARG1}" = ""]?out)',
            "UserEvent(ZuoxiRecording,State: started,Path: ${ARG1}.wav,Leg: ${ARG2},Channel: ${ARG3})",
            "out@Return()",
        ],
    )


def _requeue(conf: ConfFile, plan: SwitchPlan) -> None:
    for queue in plan.queues:
        conf.section(f"zuoxi-requeue-{queue.name}")
        wait = f"Queue({queue.name},ct,,,300,,zuoxi-agent-connected)"
        conf.steps(
            "s",
            [
                f"Set(ZX_QUEUE={queue.name})",
                wait,
                'GotoIf($["${QUEUESTATUS}" != "CONTINUE"]?out)',
                surveys.ask(queue.name, "${MEMBERNAME}"),
                "out@Hangup()",
            ],
        )


def _recording(conf: ConfFile, plan: SwitchPlan) -> None:
    """One two-channel file per agent's channel: begun when it is connected, ended when it hangs up."""
    conf.section("zuoxi-agent-connected")
    conf.steps(
        "s",
        [
            'GotoIf($["${ZUOXI_RECORD}" != "1"]?out)',
            "Gosub(zuoxi-record,s,1(${CHANNEL(endpoint)},,${CHANNEL(linkedid)}))",
            "UserEvent(ZuoxiRecording,State: started,Path: ${ZX_PATH}.wav,Leg: ${CHANNEL(endpoint)})",
            "out@Return()",
        ],
    )
    finish = f",{plan.finish_recording} {plan.recordings}/${{ZX_PATH}}.raw" if plan.finish_recording else ""
    # ids begin with the system name, which is nobody's business: it is cut from what is stored
    bare = f":{len(plan.system_name) + 1}" if plan.system_name else ""
    conf.section("zuoxi-record")
    conf.steps(
        "s",
        [
            f"Set(ZX_DAY=${{STRFTIME(${{EPOCH}},{plan.zone},%Y-%m-%d)}})",
            f"Set(ZX_PATH=${{ZX_DAY}}/${{ARG3{bare}}}-${{UNIQUEID{bare}}}-${{ARG1}})",
            # D: both directions side by side in one raw file, which a killed switch leaves readable
            f"MixMonitor({plan.recordings}/${{ZX_PATH}}.raw,D${{ARG2}}{finish})",
            "Set(CHANNEL(hangup_handler_push)=zuoxi-recorded,s,1(${ZX_PATH},${ARG1}))",
            "Return()",
        ],
    )
    conf.section("zuoxi-recorded")
    conf.steps("s", ["UserEvent(ZuoxiRecording,State: stopped,Path: ${ARG1}.wav,Leg: ${ARG2})", "Return()"])


def _supervision(conf: ConfFile) -> None:
    """Only originated by Zuoxi (no phone reaches this context); ZUOXI_TARGET = the agent's code."""
    conf.section("zuoxi-spy")
    target = "Set(ZX_T=${FILTER(0-9,${ZUOXI_TARGET})})"
    # E: end with the call; q: no beep into the agent's ear; d: 4/5/6 switch listen, whisper, barge
    for name, options in (("listen", "qES"), ("whisper", "qwES"), ("barge", "qBES")):
        conf.steps(name, [target, "Answer()", f"ChanSpy(PJSIP/${{ZX_T}}-,{options})", "Hangup()"])
    conf.steps("join", [target, *_recorded_as_part_of_the_call(), "BridgeAdd(${ZX_LEG})", "out@Hangup()"])
    peer = [
        "Set(ZX_PEER=${IMPORT(${ZX_LEG},BRIDGEPEER)})",
        'GotoIf($["${ZX_PEER}" = ""]?out)',
    ]
    conf.steps("takeover", [target, *_recorded_as_part_of_the_call(peer), "Bridge(${ZX_PEER},x)", "out@Hangup()"])
    conf.section("zuoxi-conference")
    conf.steps("s", ["Answer()", "ConfBridge(${FILTER(0-9,${ZUOXI_ROOM})})", "Hangup()"])


def _recorded_as_part_of_the_call(then: list[str] | None = None) -> list[str]:
    """Steps of somebody who comes into a running call: his own recording, filed under that call.

    He is recorded a moment before his channel belongs to the call, hence the call's id in so many words.
    """
    return [
        "Answer()",
        "Set(ZX_LEGS=${CHANNELS(^PJSIP/${ZX_T}-)})",
        "Set(ZX_LEG=${CUT(ZX_LEGS, ,1)})",
        'GotoIf($["${ZX_LEG}" = ""]?out)',
        *(then or []),
        "Set(ZX_CALL=${IMPORT(${ZX_LEG},CHANNEL(linkedid))})",
        "Gosub(zuoxi-record,s,1(${CHANNEL(endpoint)},b,${ZX_CALL}))",
        "UserEvent(ZuoxiRecording,State: started,Path: ${ZX_PATH}.wav,Leg: ${CHANNEL(endpoint)},Call: ${ZX_CALL})",
    ]
