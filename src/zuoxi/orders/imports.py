# SPDX-License-Identifier: Apache-2.0
"""Orders from a file: looked at first, then taken (`batches.py`); what cannot be taken leaves the others alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from zuoxi.customers.numbers import parsed
from zuoxi.customers.selectors import found_by
from zuoxi.customers.services import ensure_customer
from zuoxi.orders.models import Order, Product
from zuoxi.orders.money import is_money
from zuoxi.orders.placing import Delivery, Wanted, place_order
from zuoxi.orders.selectors import foreign_known, products_named
from zuoxi.people.models import Staff
from zuoxi.web.cells import is_rounded
from zuoxi.web.tabular import Problem, Table, read_table

COLUMNS: Final = {
    "foreign": ("外部单号", "订单号", "订单编号", "Order number", "number"),
    "phone": ("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "收货人电话", "Telephone", "phone"),
    "name": ("姓名", "收货人", "收件人", "客户姓名", "Name", "name"),
    "address": ("地址", "收货地址", "收件地址", "详细地址", "Address", "address"),
    "sku": ("货号", "商品编号", "商品编码", "Article", "sku"),
    "quantity": ("数量", "购买数量", "Quantity", "pieces"),
    "price": ("单价", "价格", "Price"),
    "payment": ("付款方式", "Payment"),
}
REQUIRED: Final = ("foreign", "phone", "sku", "quantity")
MOST: Final = {"foreign": 64, "name": 80, "address": 240}
"""Signs that are kept; cut, a parcel would go elsewhere."""
Cells = dict[str, str]
Wrong = tuple[str, str, str]
"""A column, what is wrong in it, and what to do."""
_ONCE: Final = ("phone", "name", "address", "payment")
"""What every line of one order says alike, or leaves to the first."""
_PREPAID: Final = {
    "prepaid", "在线支付", "线上支付", "预付", "已付", "已付款", "已支付", "款到发货", "微信", "微信支付", "支付宝",
}  # fmt: skip
_ON_DELIVERY: Final = {"", "cod", "货到付款", "到付", "货到收款", "代收货款"}


@dataclass(frozen=True, slots=True)
class Ready:
    """An order as the file has it: its lines (row numbers as the spreadsheet counts) and where it goes."""

    foreign: str
    rows: tuple[int, ...]
    lines: tuple[Wanted, ...]
    to: Delivery
    prepaid: bool


Line = tuple[int, Cells, Wanted]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file holds: orders that can be taken, those that are there already, and what is wrong; the headings of
    columns and the names of sheets that are not read."""

    ready: tuple[Ready, ...]
    known: tuple[str, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


def look(content: bytes) -> Looked:
    """Read the file; nothing is kept. Raises Unreadable for a file as a whole."""
    table = read_table(content, COLUMNS, REQUIRED)
    problems: list[Problem] = []
    grouped: dict[str, list[Line]] = {}
    products = products_named(table.row(index)["sku"] for index in range(len(table.cells)))
    spoilt: set[str] = set()
    above = ""
    for index in range(len(table.cells)):
        row = table.row(index)
        if not any(table.cells[index]):
            continue
        wanted = _wanted(row, index, table, problems, products.get(row["sku"].casefold()))
        rows = grouped.setdefault(row["foreign"], []) if wanted else []
        if wanted is None or not _says_the_same(row, rows, index, table, problems):
            spoilt.add(row["foreign"] or above)  # without a number it may be one more article of the order above
        else:
            rows.append((index + 2, row, wanted))
        above = row["foreign"] or above
    known = foreign_known(grouped)
    ready = [_ready(foreign, rows) for foreign, rows in grouped.items() if foreign not in known | spoilt]
    taken = set(table.places.values())
    rest = tuple(head for place, head in enumerate(table.called()) if head and place not in taken)
    return Looked(tuple(ready), tuple(sorted(known)), tuple(problems), rest, table.sheets)


def _says_the_same(row: Cells, rows: list[Line], index: int, table: Table, problems: list[Problem]) -> bool:
    """Whether a line says of its order what the first line of that order says; if not, it is told."""
    line, first, _wanted_there = rows[0] if rows else (0, row, None)
    other = next((key for key in _ONCE if row.get(key) and row[key] != first.get(key, "")), "")
    if other:
        told = {"number": row["foreign"], "line": line}
        wrong = _("Line %(line)d says something else of the order %(number)s.") % told
        todo = _("Two orders need two numbers; correct one of the lines.")
        problems.append(Problem(index + 2, table.head[table.places[other]], wrong, todo))
    return not other


def _wanted(row: Cells, index: int, table: Table, problems: list[Problem], product: Product | None) -> Wanted | None:
    """The line's article and pieces; what is wrong goes to `problems`."""
    before = len(problems)
    if more := table.beyond(index):
        wrong = _("There are more cells than headings: %(more)s") % {"more": more[:40]}
        todo = _("Put a text that has a comma between quotation marks.")
        problems.append(Problem(index + 2, table.head[-1], wrong, todo))
        return None  # every cell behind the comma stands in a column that is not its own
    for key, wrong, todo in (*_wrong_goods(row, product), *_wrong_order(row)):
        problems.append(Problem(index + 2, table.head[table.places[key]], wrong, todo))
    if len(problems) > before or product is None:
        return None
    return Wanted(product.pk, int(row["quantity"]), _price(row.get("price", "")))


def _wrong_order(row: Cells) -> Iterator[Wrong]:
    """What is wrong in the cells that every line of an order has alike."""
    number = row["foreign"]
    if not number:
        todo = _("Every line needs the number of its order, also one more article of the order above.")
        yield "foreign", _("The number is missing."), todo
    elif is_rounded(number):
        wrong = _("The spreadsheet rounded the number: %(number)s") % {"number": number}
        yield "foreign", wrong, _("Format the column as text, fetch the list anew and save it again.")
    elif len(number) > MOST["foreign"]:
        yield "foreign", _("The number is too long."), _("Correct the cell.")
    said = parsed(row["phone"])
    if said.problem is not None or len(said.national) < 5:
        yield "phone", _("That is not a telephone number."), str(said.problem or _("Write it with its area code."))
    for key in ("name", "address"):
        if len(row.get(key, "")) > MOST[key]:
            yield key, _("The text is longer than %(most)d signs.") % {"most": MOST[key]}, _("Shorten it.")
    if row.get("payment", "").strip().lower() not in _PREPAID | _ON_DELIVERY:
        yield "payment", _("That is no way to pay."), _("Write 货到付款 or 在线支付.")


def _wrong_goods(row: Cells, product: Product | None) -> Iterator[Wrong]:
    if product is None:
        yield "sku", _("There is no article “%(sku)s”.") % {"sku": row["sku"]}, _("Look it up in the list of goods.")
    pieces = row["quantity"]
    if not pieces.isdecimal() or len(pieces) > 9 or not 0 < int(pieces) < 10000:
        yield "quantity", _("A quantity is a whole number from one up."), _("Correct the cell.")
    price = _price(row.get("price", ""))
    if price is not None and not is_money(price):
        yield "price", _("A price is an amount from nought up."), _("Correct the cell.")


def _price(text: str) -> Decimal | None:
    """None where nothing is said, no number for what is no amount."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").lstrip("¥ ").rstrip("元 ")
    try:
        return Decimal(plain) if text else None
    except InvalidOperation:
        return Decimal("NaN")


def _ready(foreign: str, rows: list[Line]) -> Ready:
    _line, first, _wanted_one = rows[0]
    to = Delivery(first["phone"], first.get("name", ""), "", first.get("address", ""))
    prepaid = first.get("payment", "").strip().lower() in _PREPAID
    return Ready(foreign, tuple(line for line, *_rest in rows), tuple(one for *_rest, one in rows), to, prepaid)


def take_one(one: Ready, *, by: Staff | None, now: datetime) -> Order:
    """Place one order of a file, whose customer is written down where nobody has his number. Raises NotDone,
    customers.services.Refused."""
    customer = found_by(one.to.phone) or ensure_customer(one.to.phone, one.to.receiver, by=by, now=now)
    payment = Order.Payment.PREPAID if one.prepaid else Order.Payment.COD
    source = Order.Source.IMPORT
    return place_order(
        customer=customer, lines=one.lines, to=one.to, by=None, now=now, foreign=one.foreign, payment=payment,
        source=source,
    )  # fmt: skip
