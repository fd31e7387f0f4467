# SPDX-License-Identifier: Apache-2.0
"""Who plays in the demo. The names are calendar signs, mountains, rivers and lakes, so nobody takes them for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zuoxi.web.roles import Role

SEATS: Final = 120
FIRST_AGENT: Final = 1001
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


@dataclass(frozen=True, slots=True)
class TeamCast:
    """A team: code as the simulator names it, its sign, the role of its agents, its queues."""

    code: str
    sign: str
    name_zh: str
    name_en: str
    role: Role
    leader_role: Role
    leader: str


@dataclass(frozen=True, slots=True)
class OfficeCast:
    """Somebody who does not sit in a team; `teams` are those a supervisor answers for."""

    code: str
    name: str
    role: Role
    teams: tuple[str, ...] = ()


TEAMS: Final = (
    TeamCast("T01", "兰", "春兰组", "Orchid", Role.TSR, Role.TSRL, "川黄河"),
    TeamCast("T02", "荷", "夏荷组", "Lotus", Role.TSR, Role.TSRL, "川长江"),
    TeamCast("T03", "菊", "秋菊组", "Chrysanthemum", Role.CSR, Role.CSRL, "川淮河"),
    TeamCast("T04", "梅", "冬梅组", "Plum", Role.TSR, Role.TSRL, "川汉水"),
    TeamCast("T05", "松", "青松组", "Pine", Role.CSR, Role.CSRL, "川湘江"),
    TeamCast("T06", "竹", "翠竹组", "Bamboo", Role.TSR, Role.TSRL, "川赣江"),
    TeamCast("T07", "杨", "白杨组", "Poplar", Role.TSR, Role.TSRL, "川闽江"),
    TeamCast("T08", "枫", "红枫组", "Maple", Role.CSR, Role.CSRL, "川珠江"),
)
OFFICE: Final = (
    OfficeCast("9001", "岳泰山", Role.DIR),
    OfficeCast("8001", "岳华山", Role.OM),
    OfficeCast("8002", "岳衡山", Role.ODM),
    OfficeCast("8003", "岳恒山", Role.SM),
    OfficeCast("3001", "岳嵩山", Role.TSRS, ("T01", "T02", "T04", "T06", "T07")),
    OfficeCast("3002", "岳黄山", Role.CSRS, ("T03", "T05", "T08")),
    OfficeCast("3003", "岳庐山", Role.QAS),
    OfficeCast("3004", "岳峨眉", Role.TRS),
    OfficeCast("4001", "湖洞庭", Role.QA),
    OfficeCast("4002", "湖鄱阳", Role.QA),
    OfficeCast("4003", "湖太湖", Role.QA),
    OfficeCast("5001", "湖洪泽", Role.TR),
    OfficeCast("5002", "湖镜泊", Role.TR),
    OfficeCast("6001", "湖巢湖", Role.DA),
    OfficeCast("6002", "湖青海", Role.IT),
    OfficeCast("6003", "湖西湖", Role.FD),
    OfficeCast("6004", "湖千岛", Role.HR),
    OfficeCast("6005", "湖滇池", Role.FIN),
    OfficeCast("7001", "江钱塘", Role.WH),
    OfficeCast("7002", "江嘉陵", Role.LOG),
    OfficeCast("7101", "江赤水", Role.DEP),
    OfficeCast("7102", "江乌江", Role.DEP),
    OfficeCast("7111", "江清水", Role.DEP),
)


def agent_name(team: TeamCast, place: int) -> str:
    """The team's sign and the place's two signs of the sixty-year cycle: 兰甲子, 兰乙丑 …"""
    return f"{team.sign}{STEMS[place % 10]}{BRANCHES[place % 12]}"


def team_of(index: int) -> TeamCast:
    """Agents are dealt to the teams in turn, as the simulator does."""
    return TEAMS[index % len(TEAMS)]


def leader_code(team: TeamCast) -> str:
    return f"20{team.code[1:]}"
