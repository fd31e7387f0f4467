# SPDX-License-Identifier: Apache-2.0
"""Which column of somebody's call list is what: guessed from the header, or told by a mapping file.

A mapping file (YAML) may say `columns` (our field: their header), `values` (field → their word: ours), `zone`,
`encoding` and `delimiter`; whatever it does not say is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

FIELDS: Final = (
    "id start date time answered_at ended_at caller called queue agent direction outcome wait talk hold".split()
)
SAYS: Final = ("columns", "values", "zone", "encoding", "delimiter")
_HEADERS: Final[dict[str, str]] = {
    "id": "通话id 呼叫id 会话id 话单id 流水号 呼叫流水号 通话流水号 通话标识 uniqueid callid linkedid sessionid id",
    "start": "开始时间 呼叫时间 来电时间 呼入时间 进线时间 呼叫开始时间 通话开始时间 拨打时间 发起时间 进入队列时间 "
    "start starttime calldate offeredat startedat datetime 日期时间",
    "date": "日期 呼叫日期 通话日期 date",
    "time": "时间 时刻 time",
    "answered_at": "接听时间 应答时间 接通时间 坐席接听时间 座席接听时间 answeredat answertime answer",
    "ended_at": "结束时间 挂断时间 挂机时间 通话结束时间 呼叫结束时间 endedat endtime end hangup hanguptime",
    "caller": "主叫 主叫号码 来电号码 客户号码 用户号码 客户电话 来电 src caller callerid from ani",
    "called": "被叫 被叫号码 接入号 接入号码 热线号码 中继号码 dst called to dnis did",
    "queue": "队列 技能组 技能队列 业务组 队列名称 技能组名称 所属队列 queue skill skillgroup queuename",
    "agent": "工号 坐席工号 座席工号 员工工号 客服工号 坐席 座席 客服 坐席分机 座席分机 分机 分机号 "
    "agent agentid extension member",
    "direction": "呼叫类型 通话类型 呼叫方向 通话方向 方向 类型 direction calltype",
    "outcome": "通话结果 呼叫结果 结果 状态 通话状态 接听状态 呼叫状态 是否接通 是否接听 outcome result status "
    "disposition",
    "wait": "等待时长 排队时长 等待时间 排队时间 等待秒数 排队等待时长 wait waitseconds waittime holdtime",
    "talk": "通话时长 通话时间 通话秒数 时长 通话时长秒 计费时长 talk talkseconds talktime billsec",
    "hold": "保持时长 保持时间 保持秒数 hold holdseconds",
}
GUESSES: Final = {name: field for field, names in _HEADERS.items() for name in names.split()}
_VALUES: Final[dict[str, dict[str, str]]] = {
    "direction": {
        "inbound": "呼入 来电 来话 进线 呼入电话 inbound in incoming",
        "outbound": "呼出 外呼 去电 去话 拨打 outbound out outgoing",
        "internal": "内线 内部 内部通话 分机互拨 internal",
    },
    "outcome": {
        "answered": "接通 已接 已接通 已接听 接听 成功 呼叫成功 人工接听 坐席接听 座席接听 是 answered answer "
        "success completed yes 1",
        "abandoned": "放弃 弃呼 未接 未接听 未接通 漏接 漏话 排队放弃 振铃放弃 客户挂断 否 abandoned abandon "
        "noanswer missed no 0",
        "closed": "非工作时间 下班 下班来电 非服务时间 closed afterhours",
        "overflow": "溢出 转出 超时转出 超时 overflow timeout",
        "failed": "失败 呼叫失败 忙 占线 拒接 空号 关机 停机 无法接通 failed busy congestion cancel cancelled",
    },
}
WORDS: Final = {
    field: {word: ours for ours, words in kinds.items() for word in words.split()} for field, kinds in _VALUES.items()
}


class BadMapping(ValueError):
    """The mapping cannot be used; the message says why."""


def plain(text: str) -> str:
    """A header or value without case, blanks, brackets and units, as the guesses are written."""
    text = re.sub("[(\uff08\\[【].*?[)\uff09\\]】]", "", text.strip().lower())
    return re.sub("[\\s_\\-:\uff1a./\ufeff]+", "", text)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where each field stands in a row, and what the list's words mean."""

    places: Mapping[str, int]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: WORDS)
    zone: str = ""

    def text(self, row: Sequence[str], name: str) -> str:
        place = self.places.get(name)
        return row[place].strip() if place is not None else ""

    def word(self, row: Sequence[str], name: str) -> str | None:
        """Our word for the value; "" when the cell is empty, None when the word is not known."""
        value = plain(self.text(row, name))
        return self.words[name].get(value) if value else ""


def read_file(path: Path | None) -> dict[str, Any]:
    """The mapping file's content; empty without a file."""
    if path is None:
        return {}
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadMapping(f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise BadMapping(_("%(path)s holds no mapping") % {"path": path})
    _check(path, content)
    return content


def _check(path: Path, content: dict[str, Any]) -> None:
    """BadMapping for what would be passed over, or would spoil every row."""
    if unknown := content.keys() - SAYS:
        named = {"path": path, "names": ", ".join(map(str, unknown)), "known": ", ".join(SAYS)}
        raise BadMapping(_("%(path)s: nobody knows what %(names)s says; known are %(known)s") % named)
    for name in ("columns", "values"):
        if not isinstance(content.get(name) or {}, dict):
            raise BadMapping(_("%(path)s: %(name)s holds no mapping") % {"path": path, "name": name})
    for field_name, words in (content.get("values") or {}).items():
        known = _VALUES.get(str(field_name))
        if known is None:
            raise BadMapping(_("no words are translated for the field %(field)s") % {"field": field_name})
        if not isinstance(words, dict):
            raise BadMapping(_("%(path)s: %(name)s holds no mapping") % {"path": path, "name": field_name})
        for theirs, ours in words.items():
            if str(ours) not in known:
                named = {"field": field_name, "theirs": theirs, "ours": ours, "known": ", ".join(known)}
                raise BadMapping(_("%(field)s: %(theirs)s cannot mean %(ours)s; there are %(known)s") % named)
    if len(str(content.get("delimiter") or ",")) != 1:
        raise BadMapping(_("the delimiter is a single character"))


def mapping_for(header: Sequence[str], told: Mapping[str, Any]) -> ColumnMap:
    """Places of the fields in a header; BadMapping when the beginning of a call cannot be found."""
    names = {plain(name): place for place, name in reversed(list(enumerate(header)))}
    places: dict[str, int] = {}
    for field_name, column in dict(told.get("columns") or {}).items():
        if field_name not in FIELDS:
            raise BadMapping(_("no such field: %(field)s") % {"field": field_name})
        if plain(str(column)) not in names:
            raise BadMapping(_("no column %(column)s") % {"column": column})
        places[field_name] = names[plain(str(column))]
    for name, place in names.items():
        guess = GUESSES.get(name)
        if guess and guess not in places and place not in places.values():
            places[guess] = place
    if "start" not in places and not {"date", "time"} <= places.keys():
        raise BadMapping(
            _("no column says when a call began; name it in a mapping file. Columns: %(columns)s")
            % {"columns": ", ".join(header)}
        )
    return ColumnMap(places, _words(told), str(told.get("zone") or ""))


def _words(told: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    given = told.get("values") or {}
    return {
        field_name: {**known, **{plain(str(k)): str(v) for k, v in (given.get(field_name) or {}).items()}}
        for field_name, known in WORDS.items()
    }
