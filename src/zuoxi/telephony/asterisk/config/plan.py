# SPDX-License-Identifier: Apache-2.0
"""What a switch should do, as plain values: agents, queues, numbers, hours, trunks. No Django, no I/O.

Everything that reaches a configuration file is checked here, once, by the shape of its characters; a value that
could open a new line, a comment or a dial-plan argument is refused with :class:`UnsafeValue`.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum


class UnsafeValue(ValueError):
    """A value that must not be written into a switch configuration."""


_SHAPES = {
    "code": re.compile(r"[0-9]{2,12}"),
    "name": re.compile(r"[a-z][a-z0-9_-]{0,39}"),
    "queue": re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"),
    "number": re.compile(r"\+?[0-9]{2,20}"),
    "sound": re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*){0,4}"),
    "secret": re.compile(r"[A-Za-z0-9._~!@%^*+=-]{8,128}"),
    "host": re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,120}[A-Za-z0-9])?"),
    "network": re.compile(r"[0-9a-fA-F.:]{2,45}(/[0-9]{1,3})?"),
    "path": re.compile(r"/[A-Za-z0-9._/-]{1,180}"),
    "zone": re.compile(r"[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}"),
    "digit": re.compile(r"[0-9*]"),
    "codecs": re.compile(r"[a-z0-9]+(,[a-z0-9]+)*"),
    "user": re.compile(r"[A-Za-z0-9._+-]{1,64}"),
}
_TAKEN = frozenset({"general", "global", "globals", "system", "default"})  # sections with a meaning of their own
_DISPLAY_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029;"<>\\`$\[\]{}()|,=]')


def shaped(kind: str, value: str, what: str) -> str:
    """``value`` unchanged when it has the shape ``kind``; otherwise :class:`UnsafeValue` naming ``what``."""
    if not _SHAPES[kind].fullmatch(value):
        raise UnsafeValue(f"{what}: {value!r} is not a safe {kind}")
    if kind in ("name", "queue") and value.lower() in _TAKEN:
        raise UnsafeValue(f"{what}: {value!r} is taken by the switch itself")
    return value


def display_text(value: str, what: str) -> str:
    """A person's or queue's printed name (any script), refused when it could end a line, string or argument."""
    if len(value) > 80 or value != value.strip() or _DISPLAY_FORBIDDEN.search(value):
        raise UnsafeValue(f"{what}: {value!r} is not a safe name")
    return value


class Device(StrEnum):
    DESK = "desk"
    BROWSER = "browser"


class Strategy(StrEnum):
    RING_ALL = "ringall"
    LEAST_RECENT = "leastrecent"
    FEWEST_CALLS = "fewestcalls"
    RANDOM = "random"
    ROUND_ROBIN = "rrmemory"
    ROUND_ROBIN_ORDERED = "rrordered"
    LINEAR = "linear"
    WEIGHTED_RANDOM = "wrandom"


class Fallback(StrEnum):
    """What a caller is offered where no agent can take him."""

    HANG_UP = "hangup"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"


@dataclass(frozen=True)
class Agent:
    code: str
    secret: str
    name: str = ""
    device: Device = Device.DESK
    contact: str = ""  # host:port of a phone that does not register

    def __post_init__(self) -> None:
        shaped("code", self.code, "agent code")
        shaped("secret", self.secret, f"agent {self.code} secret")
        display_text(self.name, f"agent {self.code} name")
        if self.contact:
            shaped("host", self.contact, f"agent {self.code} contact")


MOST_QUESTIONS = 5
MOST_POINTS = 100


@dataclass(frozen=True)
class SurveyQuestion:
    """A question after the call. ``keys``: (key, points, what it means or ""); any other key is no answer."""

    prompt: str
    keys: tuple[tuple[str, int, str], ...]

    def __post_init__(self) -> None:
        shaped("sound", self.prompt, "survey prompt")
        digits = [key for key, _points, _means in self.keys]
        if not digits or len(set(digits)) != len(digits):
            raise UnsafeValue(f"survey keys {digits!r}")
        for key, points, means in self.keys:
            if (
                not re.fullmatch("[0-9]", key)
                or not 0 <= points <= MOST_POINTS
                or not re.fullmatch("[a-z_]{0,16}", means)
            ):
                raise UnsafeValue(f"survey key {key!r}: {points!r} {means!r}")


@dataclass(frozen=True)
class Survey:
    """What a caller is asked when the agent has hung up. ``wait_seconds``: for the key, after the prompt."""

    questions: tuple[SurveyQuestion, ...]
    wait_seconds: int = 8

    def __post_init__(self) -> None:
        if not (1 <= len(self.questions) <= MOST_QUESTIONS and 2 <= self.wait_seconds <= 30):
            raise UnsafeValue("survey questions or wait out of range")


@dataclass(frozen=True)
class Queue:
    name: str
    strategy: Strategy = Strategy.ROUND_ROBIN
    ring_seconds: int = 15
    retry_seconds: int = 1
    weight: int = 0
    max_waiting: int = 0  # 0 = unlimited
    service_seconds: int = 20
    music: str = "zuoxi"
    announce: str = ""  # played to the agent before the call
    callback_key: str = ""  # who waits presses it and is called back at his turn; "" = he cannot
    join_when_empty: bool = True
    survey: Survey | None = None

    def __post_init__(self) -> None:
        shaped("queue", self.name, "queue")
        shaped("name", self.music, f"queue {self.name} music")
        if self.callback_key:
            shaped("digit", self.callback_key, f"queue {self.name} callback key")
        if self.announce:
            shaped("sound", self.announce, f"queue {self.name} announcement")
        for what, value, low in (
            ("ring_seconds", self.ring_seconds, 3),
            ("retry_seconds", self.retry_seconds, 0),
            ("weight", self.weight, 0),
            ("max_waiting", self.max_waiting, 0),
            ("service_seconds", self.service_seconds, 1),
        ):
            if not low <= value <= 3600:
                raise UnsafeValue(f"queue {self.name}: {what}={value}")


@dataclass(frozen=True)
class Hours:
    """One opening of the week. ``closes`` is the first minute that is closed; 00:00 means midnight."""

    days: tuple[int, ...]  # ISO weekdays, 1 = Monday
    opens: dt.time
    closes: dt.time

    def __post_init__(self) -> None:
        if not self.days or any(not 1 <= day <= 7 for day in self.days):
            raise UnsafeValue(f"weekdays {self.days!r}")
        if self.closes != dt.time(0) and self.closes <= self.opens:
            raise UnsafeValue(f"hours {self.opens}-{self.closes} run over midnight: write two")


@dataclass(frozen=True)
class SpecialDay:
    """A dated exception: ``hours`` empty = closed all day, else open in these (opens, closes) only."""

    day: dt.date
    hours: tuple[tuple[dt.time, dt.time], ...] = ()
    greeting: str = ""

    def __post_init__(self) -> None:
        if self.greeting:
            shaped("sound", self.greeting, f"special day {self.day}")
        for opens, closes in self.hours:
            Hours((1,), opens, closes)


@dataclass(frozen=True)
class MenuChoice:
    digit: str
    queue: str
    priority: int = 0

    def __post_init__(self) -> None:
        shaped("digit", self.digit, "menu digit")
        shaped("queue", self.queue, "menu queue")


@dataclass(frozen=True)
class Menu:
    prompt: str
    choices: tuple[MenuChoice, ...]
    wait_seconds: int = 5
    attempts: int = 2

    def __post_init__(self) -> None:
        shaped("sound", self.prompt, "menu prompt")
        digits = [choice.digit for choice in self.choices]
        if not digits or len(set(digits)) != len(digits):
            raise UnsafeValue(f"menu digits {digits!r}")
        if not (1 <= self.wait_seconds <= 30 and 1 <= self.attempts <= 5):
            raise UnsafeValue("menu wait or attempts out of range")


@dataclass(frozen=True)
class Number:
    """A number that callers dial. ``queue`` is where he goes without a menu, or after a menu without a choice."""

    number: str
    queue: str
    priority: int = 0
    patience_seconds: int = 300
    greeting: str = "zuoxi/greeting"
    closed_greeting: str = "zuoxi/closed"
    hours: tuple[Hours, ...] | None = None  # None = always open; () = always closed
    special_days: tuple[SpecialDay, ...] = ()
    menu: Menu | None = None
    overflow_queue: str = ""
    when_closed: Fallback = Fallback.HANG_UP
    when_full: Fallback = Fallback.HANG_UP
    record: bool = True

    def __post_init__(self) -> None:
        shaped("number", self.number, "number")
        shaped("queue", self.queue, f"number {self.number} queue")
        if self.overflow_queue:
            shaped("queue", self.overflow_queue, f"number {self.number} overflow")
        shaped("sound", self.closed_greeting, f"number {self.number} closed greeting")
        if self.greeting:
            shaped("sound", self.greeting, f"number {self.number} greeting")
        if not (5 <= self.patience_seconds <= 7200 and 0 <= self.priority <= 100):
            raise UnsafeValue(f"number {self.number}: patience or priority out of range")
        if len({special.day for special in self.special_days}) != len(self.special_days):
            raise UnsafeValue(f"number {self.number}: one special day twice")


@dataclass(frozen=True)
class Trunk:
    """The way in from and out to the operator. ``match``: source addresses that are believed to be this trunk."""

    name: str
    contact: str
    match: tuple[str, ...]
    codecs: str = "alaw,ulaw"
    username: str = ""
    secret: str = ""
    dtmf: str = "auto_info"

    def __post_init__(self) -> None:
        shaped("name", self.name, "trunk")
        shaped("host", self.contact, f"trunk {self.name} contact")
        shaped("codecs", self.codecs, f"trunk {self.name} codecs")
        if self.dtmf not in ("rfc4733", "inband", "info", "auto", "auto_info"):
            raise UnsafeValue(f"trunk {self.name}: dtmf {self.dtmf!r}")
        for address in self.match:
            if not re.fullmatch(r"[0-9a-fA-F.:]{3,45}(/[0-9]{1,3})?", address):
                raise UnsafeValue(f"trunk {self.name}: {address!r} is no address")
        if bool(self.username) != bool(self.secret):
            raise UnsafeValue(f"trunk {self.name}: user name and secret go together")
        if self.username:
            shaped("user", self.username, f"trunk {self.name} user name")
            shaped("secret", self.secret, f"trunk {self.name} secret")


@dataclass(frozen=True)
class ListenerAccount:
    """The account that Zuoxi's listener uses on the manager interface."""

    secret: str
    name: str = "zuoxi"
    permit: tuple[str, ...] = ("127.0.0.1/32",)

    def __post_init__(self) -> None:
        shaped("name", self.name, "listener account")
        shaped("secret", self.secret, "listener secret")
        for address in self.permit:
            if not re.fullmatch(r"[0-9a-fA-F.:]{3,45}/[0-9]{1,3}", address):
                raise UnsafeValue(f"listener permit {address!r}")


@dataclass(frozen=True)
class SwitchPlan:
    agents: tuple[Agent, ...]
    queues: tuple[Queue, ...]
    numbers: tuple[Number, ...]
    trunks: tuple[Trunk, ...]
    listener: ListenerAccount
    system_name: str = ""  # a random word that no caller knows: it marks what the switch itself has written
    zone: str = "Asia/Shanghai"
    recordings: str = "/var/spool/asterisk/zuoxi/recordings"
    messages: str = "/var/spool/asterisk/zuoxi/messages"
    # "" = a resident process finishes recordings (`audio watch`): a command of the switch's own costs it a fork a call,
    # 19 ms of its time
    finish_recording: str = ""
    record_outbound: bool = True
    record_internal: bool = True
    present: str = ""  # number shown to called parties when the caller of the call names none
    forbidden_prefixes: tuple[str, ...] = ("00",)  # numbers that no agent may dial: abroad, premium rate
    longest_call_seconds: int = 4 * 3600  # a call that hangs in the air ends then
    qualify_seconds: int = 30  # how often a registered telephone is asked whether it is there; 0 = never
    agent_codecs: str = "alaw,ulaw"
    browser_codecs: str = "opus,alaw,ulaw"
    feature_codes: dict[str, str] = field(
        default_factory=lambda: {"blindxfer": "*1", "atxfer": "*2", "disconnect": "*0"}
    )

    def __post_init__(self) -> None:
        shaped("zone", self.zone, "time zone")
        if self.system_name:
            shaped("name", self.system_name, "system name")
        shaped("path", self.recordings, "recordings folder")
        shaped("path", self.messages, "messages folder")
        if self.finish_recording:
            shaped("path", self.finish_recording, "finishing command")
        if self.present:
            shaped("number", self.present, "presented number")
        for prefix in self.forbidden_prefixes:
            shaped("number", prefix, "forbidden prefix")
        if not (60 <= self.longest_call_seconds <= 86_400 and 0 <= self.qualify_seconds <= 3600):
            raise UnsafeValue("longest call or qualify interval out of range")
        shaped("codecs", self.agent_codecs, "agent codecs")
        shaped("codecs", self.browser_codecs, "browser codecs")
        for name, code in self.feature_codes.items():
            if name not in ("blindxfer", "atxfer", "disconnect") or not re.fullmatch(r"[0-9*#]{1,4}", code):
                raise UnsafeValue(f"feature code {name}={code!r}")
        self._each_once("agent", [agent.code for agent in self.agents])
        self._each_once("queue", [queue.name for queue in self.queues])
        self._each_once("number", [number.number for number in self.numbers])
        self._each_once("trunk", [trunk.name for trunk in self.trunks])
        self._queues_exist()

    @staticmethod
    def _each_once(what: str, names: list[str]) -> None:
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            raise UnsafeValue(f"{what} twice: {', '.join(doubled)}")

    def _queues_exist(self) -> None:
        known = {queue.name for queue in self.queues}
        for number in self.numbers:
            wanted = {number.queue, *([number.overflow_queue] if number.overflow_queue else [])}
            wanted |= {choice.queue for choice in number.menu.choices} if number.menu else set()
            if missing := sorted(wanted - known):
                raise UnsafeValue(f"number {number.number} uses unknown queues: {', '.join(missing)}")
