# SPDX-License-Identifier: Apache-2.0
"""The small centre that the lab plays: five queues, seven numbers, desk phones 1001…, a few browser phones."""

import datetime as dt
import secrets

from ..config import (
    Agent,
    Device,
    Fallback,
    ListenerAccount,
    Menu,
    MenuChoice,
    Number,
    Queue,
    SpecialDay,
    Survey,
    SurveyQuestion,
    SwitchPlan,
    Trunk,
)

CALLERS = "127.0.0.2"
CALLERS_CONTACT = f"{CALLERS}:5061"
AGENT_CONTACT = "127.0.0.3:5070"
NUMBERS = {
    "queue": "8000",
    "menu": "8001",
    "closed": "8002",
    "survey": "8003",
    "overflow": "8004",
    "callback": "8005",
    "waiting": "8006",
}
MUSIC_AND_PROMPTS = "zuoxi"
_MEANS = {1: "dissatisfied", 2: "dissatisfied", 3: "fairly_satisfied", 4: "satisfied", 5: "satisfied"}
_SURVEY = Survey(
    (
        SurveyQuestion("zuoxi/survey", tuple((str(key), key, means) for key, means in _MEANS.items())),
        SurveyQuestion("zuoxi/survey-second", (("1", 1, ""), ("2", 2, ""))),
    ),
    wait_seconds=5,
)


def agent_codes(count: int) -> list[str]:
    return [str(1001 + index) for index in range(count)]


def new_secrets(codes: list[str]) -> dict[str, str]:
    """Code → password of a phone; ``ami`` is the listener's, ``system`` the switch's own name."""
    return {code: secrets.token_hex(8) for code in codes} | {
        "ami": secrets.token_hex(16),
        "system": "zx" + secrets.token_hex(6),
    }


def plan(desk: list[str], browser: list[str], passwords: dict[str, str]) -> SwitchPlan:
    agents = [Agent(code, passwords[code], name=f"Agent {code}", contact=AGENT_CONTACT) for code in desk]
    agents += [Agent(code, passwords[code], name=f"Agent {code}", device=Device.BROWSER) for code in browser]
    return SwitchPlan(
        agents=tuple(agents),
        queues=(
            Queue("sales"),
            Queue("support"),
            Queue("small", max_waiting=1, ring_seconds=5),
            Queue("patient", callback_key="1"),
            Queue("rated", survey=_SURVEY),
        ),
        numbers=_numbers(),
        trunks=(Trunk("trunk", CALLERS_CONTACT, (CALLERS,)),),
        listener=ListenerAccount(passwords["ami"]),
        system_name=passwords["system"],
        present="4008008000",
    )


def _numbers() -> tuple[Number, ...]:
    menu = Menu("zuoxi/menu", (MenuChoice("1", "sales"), MenuChoice("2", "support", priority=5)))
    holiday = SpecialDay(dt.date(2026, 10, 1), greeting="zuoxi/holiday")
    return (
        Number(NUMBERS["queue"], "sales", greeting="", special_days=()),
        Number(NUMBERS["menu"], "sales", greeting="", menu=menu),
        Number(NUMBERS["closed"], "sales", hours=(), special_days=(holiday,)),
        Number(NUMBERS["survey"], "rated", greeting=""),
        Number(
            NUMBERS["overflow"],
            "small",
            patience_seconds=6,
            overflow_queue="support",
            when_full=Fallback.VOICEMAIL,
        ),
        Number(NUMBERS["callback"], "small", patience_seconds=5, when_full=Fallback.CALLBACK),
        Number(NUMBERS["waiting"], "patient", greeting=""),
    )
