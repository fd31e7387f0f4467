# SPDX-License-Identifier: Apache-2.0
"""What the demo's customers say, and how much of it there is."""

DAYS, COMPLAINTS, PRAISES, CALL_DAYS = 60, 120, 60, 12
SOURCES = ("call",) * 13 + ("follow_up",) * 3 + ("survey", "ticket", "letter", "online", "visit")
KINDS = ("attitude",) * 5 + ("slow",) * 5 + ("delivery",) * 4 + ("wrong_word", "promise", "refund", "goods") * 2 + (
    "not_reached", "not_reached", "pushed_around", "charge", "other",
)  # fmt: skip
WORDS = {
    "attitude": ("接线员说话很冲，没等我讲完就挂了", "问了两遍就不耐烦，语气冷淡", "让我自己上网查，态度敷衍"),
    "wrong_word": ("说三天到账，实际要七个工作日", "告诉我能退，结果寄过去又说过期", "赠品规则讲错了，害我多下一单"),
    "promise": ("答应当天回电，等了两天没人打", "说好补发赠品，一个月都没收到"),
    "pushed_around": ("转了四次电话，每个人都说不归他管",),
    "not_reached": ("晚上打了六次都排队，等了二十分钟", "提示音一直循环，最后自动挂断"),
    "slow": ("退款申请一周没有进展", "换货登记后没人联系我", "反映的问题三天没有答复"),
    "delivery": ("快递放在门口没打电话，东西丢了", "外箱压坏，里面也碎了一个", "说好周末送，结果工作日来没人收"),
    "goods": ("用了两次就坏了，怀疑是翻新货", "颜色和电视上差太多"),
    "refund": ("退货签收十天了还没退款", "退款金额少了三十元，没人说明"),
    "charge": ("下单时没说要收运费",),
    "other": ("要求更正发票抬头，一直没办",),
}
PRAISED = (
    ("manner", "这位客服特别耐心，我听力不好，她重复了好几遍"),
    ("skill", "业务很熟，两分钟就帮我查清楚了"),
    ("beyond", "主动帮我盯着补寄，还打电话确认收到没有"),
    ("solved", "半个月没解决的问题，这位同事一次就办好了"),
    ("manner", "语气很温和，老人家听着舒服"),
)
FOUND = ("录音 0 分 48 秒处打断客户，结束语缺失", "话术符合要求，客户情绪激动", "承诺时限未登记工单，导致漏回")
IDEAS = (
    "电视上把退换货电话字号放大些",
    "老年客户希望能按 0 直接转人工",
    "晚间增加售后座席",
    "短信里附上物流链接",
    "回访避开午休时间",
)
ROUNDS = (
    ("保洁", "三层楼道有烟头未清"),
    ("绿化", "绿化带枯枝未清运"),
    ("安保", "夜间巡更漏签一次"),
    ("工程", "照明灯报修超过当日"),
)
MEASURES = ("已致歉，补发并赠送积分", "与物流核实后补寄", "已退款，短信告知到账时间")
HELD = ("received", "handling", "received", "paused", "late")
CALLED = "已致电客户，说明受理与时限"
