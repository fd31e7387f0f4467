# SPDX-License-Identifier: Apache-2.0
"""What the demo's customers call about, by kind of ticket, for every trade; who answers, with made-up words."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, Final

from zuoxi.tickets import filling
from zuoxi.tickets.handbook import FieldBody, TicketTypeBody

PLACES: Final = (
    ("城南区", "锦绣家园"), ("城南区", "春风里"), ("城南区", "阳光新城"), ("城北区", "翠湖花园"), ("城北区", "明珠苑"),
    ("湖滨区", "湖畔人家"), ("湖滨区", "水岸新居"), ("东山区", "松涛苑"), ("西溪区", "溪语小区"),
    ("开发区", "创业公寓"),
)  # fmt: skip
Matters = tuple[dict[str, Any], ...]
MATTERS: Final[dict[str, Matters]] = {
    "home_service": (
        {"product": "净水器", "trade": "install", "problem": "新机需上门安装，已到货"},
        {"product": "破壁料理机", "trade": "repair", "problem": "开机有异响，疑似刀座松动"},
        {"product": "空气炸锅", "trade": "repair", "problem": "加热到一半自动断电"},
        {"product": "按摩椅", "trade": "pick_up", "problem": "退货需上门取件"},
        {"product": "电饭煲", "trade": "repair", "problem": "内胆涂层起泡，客户要求检测"},
    ),
    "delivery": (
        {"trouble": "late", "problem": "承诺三天送达，现已第五天未收到"},
        {"trouble": "damaged", "problem": "外箱破损，客户要求拍照后再签收"},
        {"trouble": "missing", "problem": "赠品少发一件"},
        {"trouble": "change", "problem": "客户出差，改送单位地址"},
    ),
    "goods": (
        {"product": "蚕丝被", "problem": "尺寸与页面说明不符", "urgent": "no"},
        {"product": "电热水壶", "problem": "底座发烫有焦味", "urgent": "yes"},
        {"product": "保温杯", "problem": "密封圈漏水", "urgent": "no"},
    ),
    "enquiry": (
        {"question": "业务什么时候办好，要不要再跑一趟", "call_back": "yes"},
        {"question": "补办需要什么材料", "call_back": "no"},
        {"question": "发票抬头能否改为单位", "call_back": "yes"},
    ),
    "transfer": (
        {"matter": "客户建议延长晚间服务时间", "reason": "需主管部门答复"},
        {"matter": "客户反映网上说明与电话答复不一致", "reason": "需业务部门核实"},
        {"matter": "办理地点搬迁，客户找不到新址", "reason": "需核实", "urgent": "no"},
    ),
    "fault": (
        {"matter": "整栋楼突然停电，楼道没有照明", "extent": "building", "danger": "no"},
        {"matter": "家里空开一合就跳", "extent": "house", "danger": "no"},
        {"matter": "变压器冒火花，附近有幼儿园", "extent": "area", "danger": "yes"},
        {"matter": "电压不稳，灯忽明忽暗", "extent": "house", "danger": "no"},
    ),
    "complaint": (
        {"matter": "抄表数与电表示数对不上，已反映两次"},
        {"matter": "停电没有提前通知，冰箱里的东西坏了"},
        {"matter": "营业厅排队一个多小时无人引导"},
    ),
    "consultation": (
        {"kind": "medical", "matter": "预约的专家号能否改到下周三"},
        {"kind": "medical", "matter": "出院带药吃完后怎么续方"},
        {"kind": "complaint", "matter": "住院部热水晚上经常没有"},
        {"kind": "praise", "matter": "感谢三病区护士长夜里帮忙联系家属"},
    ),
    "application": (
        {"matter": "新装修商铺申请增容", "service": "connect"},
        {"matter": "房屋过户，用电户名变更", "service": "change"},
        {"matter": "电费突然翻倍，申请校表", "service": "meter"},
    ),
    "report": ({"matter": "有人私接电线给工棚供电", "anonymous": "yes"},),
    "acceptance": (
        {"matter": "食品经营许可新办", "settled": "promised", "reason": "需现场核查"},
        {"matter": "户外广告设置审批", "settled": "promised", "reason": "需联审"},
        {"matter": "个体工商户变更", "settled": "at_once"},
        {"matter": "社保关系转移", "settled": "elsewhere", "reason": "不属本窗口", "where": "社保分中心二楼"},
    ),
    "escort": ({"service": "whole"}, {"service": "admission"}, {"service": "taken_in"}),
    "finding": (
        {"matter": "伤口渗液，已三天未换药", "ward": "骨科", "grave": "yes"},
        {"matter": "出院后头晕，未按时服药", "ward": "心内科", "grave": "no"},
    ),
    "request": (
        {"room": "1206", "matter": "加一床被子和两瓶水", "sort": "service"},
        {"room": "0815", "matter": "空调不制冷", "sort": "fault"},
        {"room": "1503", "matter": "退房后发现充电器落在房间", "sort": "lost"},
    ),
    "service": (
        {"matter": "老年优待证办理", "level": "on_the_spot"},
        {"matter": "低保边缘家庭申请", "level": "upper", "reason": "需街道审核", "where": "街道民政科"},
        {"matter": "水井修复补助", "level": "village", "reason": "需村委会勘查"},
    ),
    "aid": ({"category": "illness", "marginal": "no", "needs": ["medical", "living"], "proposal": "先申请临时救助"},),
    "letter_visit": (
        {"form": "letter", "matter": "反映夜间施工噪声"},
        {"form": "visit", "matter": "邻里宅基地边界纠纷"},
    ),
    "trouble": (
        {"matter": "开票软件升级后打不开", "company": "云岭商贸", "on_site": "no"},
        {"matter": "金税盘读不出，需要换盘", "company": "青禾文具", "on_site": "yes"},
    ),
    "record_change": (
        {"company": "云岭商贸", "what": "contact", "old": "云女士", "new": "江先生"},
        {"company": "青禾文具", "what": "address", "old": "东山路 3 号", "new": "湖滨路 18 号"},
    ),
}
REPAIRS: Final[dict[str, Matters]] = {
    "fault": (
        {"problem": "暖气三天不热，家里有老人", "fault": "cold", "told": "yes"},
        {"problem": "阀门处漏水，已用盆接着", "fault": "leak", "told": "yes"},
        {"problem": "立管爆裂，楼道全是水", "fault": "burst", "accident": "yes", "told": "yes"},
        {"problem": "整栋楼停暖", "fault": "supply", "told": "yes"},
        {"problem": "一组暖气片只热一半", "fault": "cold", "told": "yes"},
    ),
    "trade": (
        {"origin": "hotline", "reporter": "owner", "trade": "plumbing", "problem": "洗手间水龙头滴水"},
        {"origin": "hotline", "reporter": "staff", "trade": "electrical", "problem": "走廊应急灯不亮"},
        {"origin": "own_inspection", "trade": "electrical", "problem": "配电间指示灯故障"},
        {"origin": "own_inspection", "trade": "sundry", "problem": "防火门闭门器松动"},
        {"origin": "hotline", "reporter": "owner", "trade": "sundry", "problem": "门锁转不动"},
        {"origin": "own_inspection", "trade": "plumbing", "problem": "地下室水泵渗水"},
    ),
}
"""Repairs by the field that only one of the trades asks for."""
POWER: Final[Matters] = (
    {"matter": "阶梯电价第二档从多少度起算"},
    {"matter": "过户后电费发票抬头怎么改"},
    {"matter": "明天几点恢复送电"},
)
"""What a power utility is asked, where consultations have no kinds of their own."""
RESULTS: Final = (
    "已上门处理，客户确认正常。",
    "已核实并更正，客户认可。",
    "已更换配件并试机正常。",
    "已办结，结果已电话告知。",
)


def matters_of(kind: str, body: TicketTypeBody) -> Matters:
    """What is told in tickets of a kind; nothing for a kind that people do not call about."""
    if kind == "consultation" and body.field("kind") is None:
        return POWER
    if kind == "repair":
        return next((REPAIRS[key] for key in REPAIRS if body.field(key) is not None), ())
    return MATTERS.get(kind, ())


def answers(
    body: TicketTypeBody, matter: dict[str, Any], name: str, received: datetime, chance: random.Random
) -> dict[str, Any]:
    """The form of a kind filled in: what the matter says, and the rest by chance."""
    fields = {key: value for key, value in matter.items() if body.field(key) is not None}
    for one in body.fields:
        if one.key in fields or not filling.asked(one, fields):
            continue
        value = _answer(one, name, received, chance)
        if value:
            fields[one.key] = value
    return fields


def _answer(one: FieldBody, name: str, received: datetime, chance: random.Random) -> Any:
    if one.kind == "address":
        district, community = chance.choice(PLACES)
        return {
            "district": district,
            "community": community,
            "building": f"{chance.randrange(1, 18)}号楼",
            "unit": f"{chance.randrange(1, 5)}单元",
            "room": f"{chance.randrange(1, 19)}0{chance.randrange(1, 5)}",
        }
    if one.kind == "phone":
        return f"1990{chance.randrange(10_000_000):07d}"
    if one.kind == "name":
        return name
    if one.kind == "choice":
        return chance.choice(one.choices).key if one.required else ""
    if one.kind == "date" and one.required:
        return (received + timedelta(days=chance.randrange(1, 6))).date().isoformat()
    if one.kind == "yes_no" and one.required:
        return "yes"
    return ""
