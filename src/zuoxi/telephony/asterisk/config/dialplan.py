# SPDX-License-Identifier: Apache-2.0
"""``zuoxi_extensions.conf``: the way of a caller (this module) and of an agent (:mod:`.dialplan_agents`).

The dial plan reports to Zuoxi only by ``UserEvent``: ZuoxiCall, ZuoxiDivert, ZuoxiRecording, ZuoxiAsked,
ZuoxiSurvey. Header names are the data keys of the matching facts; channel and ids come with every such event.
"""

from . import dialplan_agents, surveys
from .opening import hours_context
from .plan import Fallback, Number, SwitchPlan
from .queues import waiting_context
from .text import ConfFile

CONNECTED = "zuoxi-agent-connected"


def extensions(plan: SwitchPlan) -> str:
    conf = ConfFile()
    _from_trunk(conf, plan)
    _caller_identity(conf)
    for number in plan.numbers:
        _number(conf, number, plan)
        hours_context(conf, plan, number)
    _keys_while_waiting(conf, plan)
    _fallbacks(conf, plan)
    surveys.contexts(conf, plan)
    dialplan_agents.contexts(conf, plan)
    return conf.text()


def base() -> str:
    """``extensions.conf`` of a switch that belongs to Zuoxi alone."""
    conf = ConfFile()
    conf.section("general").switch("static", True).switch("writeprotect", True)
    # every gosub ends with Return: falling off the end of a context must not ring the caller again
    conf.switch("autofallthrough", True).switch("clearglobalvars", False)
    return conf.text() + "\n#include zuoxi_extensions.conf\n"


def _from_trunk(conf: ConfFile, plan: SwitchPlan) -> None:
    """Only numbers that exist: a wildcard would let a stranger's dialled text, whatever it holds, into our logs."""
    conf.section("from-trunk")
    for number in plan.numbers:
        conf.steps(number.number, [f"Goto(zuoxi-in-{number.number},s,1)"])


def _caller_identity(conf: ConfFile) -> None:
    """First step of every call from outside: the caller's own words lose all but harmless characters."""
    conf.section("zuoxi-caller")
    conf.steps(
        "s",
        [
            "Set(CALLERID(num)=${FILTER(0-9+*,${CALLERID(num)})})",
            "Set(CALLERID(num)=${CALLERID(num):0:24})",
            "Set(CALLERID(name)=${FILTER(0-9A-Za-z ,${CALLERID(name)})})",
            "Set(CALLERID(name)=${CALLERID(name):0:40})",
            "Set(CALLERID(ani-num)=${CALLERID(num)})",
            "Set(CALLERID(ani-name)=)",
            # ",i": without telling the caller's side, which would take it for a forwarded call
            "Set(REDIRECTING(from-num,i)=${FILTER(0-9+*,${REDIRECTING(from-num)})})",
            "Set(REDIRECTING(from-name,i)=)",
            "Set(REDIRECTING(orig-num,i)=${FILTER(0-9+*,${REDIRECTING(orig-num)})})",
            "Set(REDIRECTING(orig-name,i)=)",
            "UserEvent(ZuoxiCall,Direction: inbound,Caller: ${CALLERID(num)},Called: ${ARG1},Number: ${ARG1})",
            "Return()",
        ],
    )


def _number(conf: ConfFile, number: Number, plan: SwitchPlan) -> None:
    conf.section(f"zuoxi-in-{number.number}")
    conf.steps("s", _entry_steps(number, plan.longest_call_seconds))
    _menu_choices(conf, number)
    _after_queue(conf, number)
    conf.steps("closed", _closed_steps(number))


def _entry_steps(number: Number, longest_seconds: int) -> list[str]:
    steps = [
        f"Gosub(zuoxi-caller,s,1({number.number}))",
        f"Set(TIMEOUT(absolute)={longest_seconds})",
        f"Set(__ZUOXI_RECORD={int(number.record)})",
        f"Set(ZX_CLOSED={number.closed_greeting})",
        f"Gosub(zuoxi-hours-{number.number},s,1)",
        'GotoIf($["${GOSUB_RETVAL}" != "open"]?closed,1)',
        "Answer()",
    ]
    if number.greeting:
        steps.append(f"Playback({number.greeting})")
    steps += [f"Set(ZX_NUMBER={number.number})", f"Set(ZX_QUEUE={number.queue})", f"Set(QUEUE_PRIO={number.priority})"]
    if menu := number.menu:
        steps.append("Set(ZX_TRIES=0)")
        steps.append(f"menu@Read(ZX_CHOICE,{menu.prompt},1,,{menu.attempts},{menu.wait_seconds})")
        steps.append("Goto(choice-${ZX_CHOICE},1)")
    steps.append(f"queue@Queue(${{ZX_QUEUE}},ct,,,{number.patience_seconds},,{CONNECTED})")
    steps.append("Goto(after-${QUEUESTATUS},1)")
    return steps


def _menu_choices(conf: ConfFile, number: Number) -> None:
    if number.menu is None:
        return
    for choice in number.menu.choices:
        conf.steps(
            f"choice-{choice.digit}",
            [f"Set(ZX_QUEUE={choice.queue})", f"Set(QUEUE_PRIO={choice.priority})", "Goto(s,queue)"],
        )
    conf.steps("choice-", ["Goto(s,queue)"])
    wrong = [
        "Set(ZX_TRIES=${MATH(${ZX_TRIES}+1,int)})",
        f"GotoIf($[${{ZX_TRIES}} >= {number.menu.attempts}]?s,queue)",
        "Playback(zuoxi/beep)",
        "Goto(s,menu)",
    ]
    conf.steps("_choice-[0-9*]", wrong)


def _after_queue(conf: ConfFile, number: Number) -> None:
    conf.steps("after-CONTINUE", [surveys.ask("${ZX_QUEUE}", "${MEMBERNAME}"), "Hangup()"])
    conf.steps("after-FULL", _divert_steps(number, "full"))
    # TIMEOUT, JOINEMPTY, LEAVEEMPTY, JOINUNAVAIL, LEAVEUNAVAIL and whatever a later version adds
    conf.steps("_after-.", _divert_steps(number, "failed"))


def _divert_steps(number: Number, outcome: str) -> list[str]:
    steps = []
    if number.overflow_queue:
        steps = [
            'GotoIf($["${ZX_OVERFLOWED}" = "1"]?over)',
            "Set(ZX_OVERFLOWED=1)",
            _divert("overflow", to=number.overflow_queue, status=True),
            f"Set(ZX_QUEUE={number.overflow_queue})",
            "Goto(s,queue)",
            "over@NoOp()",
        ]
    return [*steps, _divert(outcome, status=True), f"Goto(zuoxi-{number.when_full.value},s,1)"]


def _closed_steps(number: Number) -> list[str]:
    return [
        _divert("closed"),
        "Answer()",
        "Playback(${ZX_CLOSED})",
        f"Goto(zuoxi-{number.when_closed.value},s,1)",
    ]


def _divert(outcome: str, to: str = "", status: bool = False) -> str:
    words = [f"Outcome: {outcome}"]
    if to:
        words.append(f"To: {to}")
    if status:
        words.append("Status: ${QUEUESTATUS}")
    return f"UserEvent(ZuoxiDivert,{','.join(words)})"


def _keys_while_waiting(conf: ConfFile, plan: SwitchPlan) -> None:
    """Who waits presses the key, hears a thank-you and is called back at his turn. A caller who hides his number cannot
    be: he goes on waiting, before those who came after him."""
    for key in sorted({queue.callback_key for queue in plan.queues if queue.callback_key}):
        conf.section(waiting_context(key))
        conf.steps(
            key,
            [
                'GotoIf($["${CALLERID(num)}" = ""]?hidden)',
                _divert("callback", to="${CALLERID(num)}"),
                "Playback(zuoxi/thanks)",
                "Hangup()",
                "hidden@Playback(zuoxi/beep)",
                "Set(QUEUE_PRIO=${MATH(${QUEUE_PRIO}+1,int)})",
                "Goto(zuoxi-in-${ZX_NUMBER},s,queue)",
            ],
        )


def _fallbacks(conf: ConfFile, plan: SwitchPlan) -> None:
    conf.section(f"zuoxi-{Fallback.HANG_UP.value}").steps("s", ["Playback(zuoxi/goodbye)", "Hangup()"])
    conf.section(f"zuoxi-{Fallback.VOICEMAIL.value}")
    bare = f":{len(plan.system_name) + 1}" if plan.system_name else ""
    day = f"${{STRFTIME(${{EPOCH}},{plan.zone},%Y-%m-%d)}}"
    conf.steps(
        "s",
        [
            f"Set(ZX_MESSAGE={day}/${{CHANNEL(linkedid){bare}}}.wav)",
            _divert("voicemail", to="${ZX_MESSAGE}"),
            "Playback(zuoxi/voicemail)",
            f"Record({plan.messages}/${{ZX_MESSAGE}},5,180,kq)",
            "Hangup()",
        ],
    )
    conf.section(f"zuoxi-{Fallback.CALLBACK.value}")
    conf.steps(
        "s",
        [
            "Read(ZX_YES,zuoxi/callback,1,,1,6)",
            'GotoIf($["${ZX_YES}" != "1"]?out)',
            _divert("callback", to="${CALLERID(num)}"),
            "Playback(zuoxi/thanks)",
            "out@Hangup()",
        ],
    )
