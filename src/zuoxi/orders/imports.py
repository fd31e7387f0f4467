# SPDX-License-Identifier: Apache-2.0
"""Orders from a file: looked at first, then taken (`batches.py`); what cannot be taken leaves the others alone."""

from __future__ import annotations

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
from zuoxi.web.tabular import Problem, Table, read_table

COLUMNS: Final = {
    "foreign": ("外部单号", "订单号", "Order number", "number"),
    "phone": ("电话", "手机", "联系电话", "Telephone", "phone"),
    "name": ("姓名", "收货人", "Name", "name"),
    "address": ("地址", "收货地址", "Address", "address"),
    "sku": ("货号", "商品编号", "Article", "sku"),
    "quantity": ("数量", "Quantity", "pieces"),
    "price": ("单价", "价格", "Price"),
    "payment": ("付款方式", "Payment"),
}
REQUIRED: Final = ("foreign", "phone", "sku", "quantity")
_PREPAID: Final = {"prepaid", "在线支付", "预付", "已付", "款到发货"}


@dataclass(frozen=True, slots=True)
class Ready:
    """An order as the file has it: its lines (row numbers as the spreadsheet counts) and where it goes."""

    foreign: str
    rows: tuple[int, ...]
    lines: tuple[Wanted, ...]
    to: Delivery
    prepaid: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file holds: orders that can be taken, those that are there already, and what is wrong."""

    ready: tuple[Ready, ...]
    known: tuple[str, ...]
    problems: tuple[Problem, ...]


def look(content: bytes) -> Looked:
    """Read the file; nothing is kept. Raises Unreadable for a file as a whole."""
    table = read_table(content, COLUMNS, REQUIRED)
    problems: list[Problem] = []
    grouped: dict[str, list[tuple[int, dict[str, str], Wanted]]] = {}
    products = products_named(table.row(index)["sku"] for index in range(len(table.cells)))
    spoilt: set[str] = set()
    for index in range(len(table.cells)):
        row = table.row(index)
        if not any(row.values()):
            continue
        wanted = _wanted(row, index + 2, table, problems, products.get(row["sku"].casefold()))
        if wanted is None:
            spoilt.add(row["foreign"])
        else:
            grouped.setdefault(row["foreign"], []).append((index + 2, row, wanted))
    known = foreign_known(grouped)
    ready = [_ready(foreign, rows) for foreign, rows in grouped.items() if foreign not in known | spoilt]
    return Looked(tuple(ready), tuple(sorted(known)), tuple(problems))


def _wanted(
    row: dict[str, str], line: int, table: Table, problems: list[Problem], product: Product | None
) -> Wanted | None:
    """The line's article and pieces; what is wrong goes to `problems`."""

    def wrong(key: str, what: str, todo: str) -> None:
        problems.append(Problem(line, table.head[table.places[key]], what, todo))

    before = len(problems)
    if not row["foreign"]:
        wrong("foreign", _("The number is missing."), _("Every order needs its number."))
    elif len(row["foreign"]) > 64:
        wrong("foreign", _("The number is too long."), _("Correct the cell."))
    if product is None:
        wrong("sku", _("There is no article “%(sku)s”.") % {"sku": row["sku"]}, _("Look it up in the list of goods."))
    pieces = row["quantity"]
    if not pieces.isdecimal() or len(pieces) > 9 or not 0 < int(pieces) < 10000:
        wrong("quantity", _("A quantity is a whole number from one up."), _("Correct the cell."))
    if not (said := parsed(row["phone"])).valid or len(said.national) < 5:
        wrong("phone", _("That is not a telephone number."), _("Format the column as text and save it again."))
    price = None
    if row.get("price"):
        try:
            price = Decimal(row["price"].replace(",", "").lstrip("¥￥"))
        except InvalidOperation:
            price = Decimal("NaN")
        if not is_money(price):
            wrong("price", _("A price is an amount from nought up."), _("Correct the cell."))
    if len(problems) > before or product is None:
        return None
    return Wanted(product.pk, int(row["quantity"]), price)


def _ready(foreign: str, rows: list[tuple[int, dict[str, str], Wanted]]) -> Ready:
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
