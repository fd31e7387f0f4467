# SPDX-License-Identifier: Apache-2.0
"""What the demo's customers say, and how much of it there is."""

from typing import Final

DAYS, COMPLAINTS, PRAISES, CALL_DAYS = 60, 120, 60, 12
SOURCES = ("call",) * 13 + ("follow_up",) * 3 + ("survey", "ticket", "letter", "online", "visit")
_EVERYWHERE: Final[dict[str, tuple[str, ...]]] = {
    "attitude": ("接线员说话很冲，没等我讲完就挂了", "问了两遍就不耐烦，语气冷淡", "让我自己上网查，态度敷衍"),
    "wrong_word": ("电话里说的和现场要求的不一样", "第一次说不用材料，第二次又让补"),
    "promise": ("答应当天回电，等了两天没人打", "说好上午有人联系，到晚上也没有"),
    "pushed_around": ("转了四次电话，每个人都说不归他管",),
    "not_reached": ("晚上打了六次都排队，等了二十分钟", "提示音一直循环，最后自动挂断"),
    "slow": ("反映的问题三天没有答复", "催了两次还没有结果"),
    "charge": ("收费项目没有事先说明",),
    "other": ("要求书面答复，一直没有收到",),
}
_SHOP: Final[dict[str, tuple[str, ...]]] = {
    "wrong_word": ("说三天到账，实际要七个工作日", "告诉我能退，结果寄过去又说过期", "赠品规则讲错了，害我多下一单"),
    "promise": ("答应当天回电，等了两天没人打", "说好补发赠品，一个月都没收到"),
    "slow": ("退款申请一周没有进展", "换货登记后没人联系我", "反映的问题三天没有答复"),
    "delivery": ("快递放在门口没打电话，东西丢了", "外箱压坏，里面也碎了一个", "说好周末送，结果工作日来没人收"),
    "goods": ("用了两次就坏了，怀疑是翻新货", "颜色和电视上差太多"),
    "refund": ("退货签收十天了还没退款", "退款金额少了三十元，没人说明"),
    "charge": ("下单时没说要收运费",),
    "other": ("要求更正发票抬头，一直没办",),
}
_TRADES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "heating": {
        "slow": ("报修两天了没人上门", "说两小时内到，等了一整天"),
        "heat": ("室温一直只有十五度，孩子老感冒", "整单元半热不热，测温的人没来过"),
        "repair": ("修完当天又漏，地板泡坏了", "换的阀门第二天就拧不动"),
        "notice": ("停暖抢修没有提前通知，水管也没放水",),
        "charge": ("维修师傅私下要了一百块", "停供申请批了还照收全额"),
    },
    "property": {
        "slow": ("报修三天没人来", "电梯困人半小时才有人到"),
        "charge": ("公共照明费算了两次",),
        "repair": ("水龙头修了两次还滴水", "换的门锁第三天又卡住"),
        "cleaning": ("楼道一个星期没人打扫", "绿化带枯枝堆着没清"),
        "safety": ("夜里外来车辆随便进", "消防通道一直停着车"),
    },
    "community": {
        "slow": ("问的事情三天没有回音",),
        "not_told": ("到了窗口才说还缺户口簿", "没告诉我要去街道办，白跑一趟"),
        "late": ("说一个工作日办好，第四天才通知",),
        "result": ("低保边缘没批，也没说依据",),
        "charge": ("代办收了二十元跑腿费",),
    },
    "tax_hotline": {
        "slow": ("申报快截止了还没人回电",),
        "trouble": ("开票软件升级后又打不开", "同一个报错一个月报了三次"),
        "visit": ("约好上午上门，下午才到", "上门的人没带工具又走了"),
        "record": ("企业名称改了两次还是错的",),
        "charge": ("续费金额和协议上不一样",),
    },
    "hotel": {
        "slow": ("要一床被子等了一个小时",),
        "room": ("床单上有头发", "洗手间没打扫干净"),
        "noise": ("隔壁装修从早上七点响到中午",),
        "facility": ("空调报修两次还不制冷", "房卡三次刷不开门"),
        "charge": ("退房时多算了一瓶饮料",),
    },
    "power_95598": {
        "slow": ("停电报了四个小时还没人来", "申请校表半个月没消息"),
        "outage": ("停电没有提前通知，冰箱里的东西坏了", "一个星期停了三次电"),
        "meter": ("抄表数和电表对不上，已经反映两次", "这个月电费比上月翻了一倍"),
        "connection": ("增容申请材料交了三次", "报装进度没人说得清"),
    },
    "gov_window": {
        "slow": ("办件状态十天没有变化", "排队一个多小时没人引导"),
        "papers": ("材料分三次才说全，跑了四趟", "窗口说缺一份，补来又说缺另一份"),
        "late": ("承诺七个工作日，已经十天了",),
        "result": ("不予办理没有说明依据",),
        "charge": ("复印收费没有公示",),
    },
    "hospital": {
        "slow": ("出院小结等了三天", "反映的事情一周没有答复"),
        "medical": ("换药不及时，问护士说等一会儿", "没讲清楚手术后的注意事项"),
        "queue": ("约的九点，十一点才看上", "专家临时停诊没有通知"),
        "meals": ("病号饭送来是凉的", "病房热水晚上经常没有"),
        "charge": ("费用清单看不懂，问了没人解释",),
    },
}
_WEIGHTS = {"attitude": 5, "slow": 5, "delivery": 4, "pushed_around": 1, "other": 1}
_SHOPS = ("base", "tv_shopping", "telesales", "chengdu", "seat_rules")


def words_of(pack: str) -> dict[str, tuple[str, ...]]:
    """What the trade's customers complain of, by kind."""
    return _EVERYWHERE | (_SHOP if pack in _SHOPS else _TRADES.get(pack, {}))


def kinds_of(pack: str) -> tuple[str, ...]:
    """Kinds of complaints as often as they come, some often, some seldom."""
    return tuple(kind for kind in words_of(pack) for _turn in range(_WEIGHTS.get(kind, 2)))


PRAISED = (
    ("manner", "这位客服特别耐心，我听力不好，她重复了好几遍"),
    ("skill", "业务很熟，两分钟就帮我查清楚了"),
    ("beyond", "主动帮我盯着进度，还打电话确认办好没有"),
    ("solved", "半个月没解决的问题，这位同事一次就办好了"),
    ("manner", "语气很温和，老人家听着舒服"),
)
FOUND = ("录音 0 分 48 秒处打断客户，结束语缺失", "话术符合要求，客户情绪激动", "承诺时限未登记工单，导致漏回")
_IDEAS = (
    "老年客户希望能按 0 直接转人工",
    "晚间增加接听座席",
    "处理进度能用短信告诉我",
    "回访避开午休时间",
    "工单号再短一点，好记",
)
_SHOP_IDEAS = (
    "电视上把退换货电话字号放大些",
    "老年客户希望能按 0 直接转人工",
    "晚间增加售后座席",
    "短信里附上物流链接",
    "回访避开午休时间",
)


def ideas_of(pack: str) -> tuple[str, ...]:
    return _SHOP_IDEAS if pack in _SHOPS else _IDEAS


ROUNDS = (
    ("保洁", "三层楼道有烟头未清"),
    ("绿化", "绿化带枯枝未清运"),
    ("安保", "夜间巡更漏签一次"),
    ("工程", "照明灯报修超过当日"),
)
_MEASURES = ("已致歉并当面说明", "与承办部门核实后重新处理", "已办结，短信告知结果")
_SHOP_MEASURES = ("已致歉，补发并赠送积分", "与物流核实后补寄", "已退款，短信告知到账时间")


def measures_of(pack: str) -> tuple[str, ...]:
    return _SHOP_MEASURES if pack in _SHOPS else _MEASURES


HELD = ("received", "handling", "received", "paused", "late")
CALLED = "已致电客户，说明受理与时限"
