# SPDX-License-Identifier: Apache-2.0
"""What the database itself refuses: moves between states that cannot be, parcels of unverified orders, refunds without
an inspection, and whatever changes or empties a ledger. Triggers, because a constraint cannot see the row as it was or
another table.

SQLite forgets a table's triggers when a migration makes the table anew: such a migration ends with `install` again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from zuoxi.orders.states import CASE_MOVES, ORDER_MOVES
from zuoxi.policy.marks import constraint

LEDGERS: Final = ("orders_moneyentry", "orders_steplog", "orders_stockmove", "orders_pointsentry")
_UNVERIFIED = (
    "EXISTS (SELECT 1 FROM orders_order o WHERE o.id = NEW.order_id AND o.must_verify AND o.verified_at IS NULL)"
)
_UNINSPECTED = (
    "NEW.what = 'refund' AND NOT EXISTS (SELECT 1 FROM orders_case c WHERE c.id = NEW.case_id "
    "AND (c.inspection IN ('passed', 'partial') OR c.inspection = 'waived' AND c.kind = 'money_back'))"
)
_NOT_OWED = (
    "NEW.kind = 'money_back' AND NOT EXISTS (SELECT 1 FROM orders_order o WHERE o.id = NEW.order_id "
    "AND NEW.judged_total > 0 AND ((o.state IN ('cancelled', 'void') AND o.paid >= NEW.judged_total) "
    "OR ROUND(o.paid - o.total - NEW.judged_total, 2) >= 0))"
)
_TOO_MUCH = (
    "NEW.what = 'refund' AND EXISTS (SELECT 1 FROM orders_case c WHERE c.id = NEW.case_id "
    "AND c.kind = 'money_back' AND ROUND(c.judged_total + NEW.amount, 2) < 0)"
)
_OWN_HANDS = "NEW.kind = 'money_back' AND NEW.paid_by_id IS NOT NULL AND NEW.paid_by_id = NEW.opened_by_id"


def _pairs(moves: Mapping[str, tuple[str, ...]], prefix: str = "") -> Iterator[str]:
    for before, afters in moves.items():
        yield from (f"'{prefix}{before}>{after}'" for after in afters)


def _guards() -> Iterator[tuple[str, str, str, str, str]]:
    """(name, table, event, when, what it says)."""
    orders = ", ".join(_pairs(ORDER_MOVES))
    cases = ", ".join(pair for kind, moves in CASE_MOVES.items() for pair in _pairs(moves, f"{kind}:"))
    changed = "OLD.state <> NEW.state AND "
    order_move = f"{changed}(OLD.state || '>' || NEW.state) NOT IN ({orders})"
    case_move = f"{changed}(OLD.kind || ':' || OLD.state || '>' || NEW.state) NOT IN ({cases})"
    yield "order_move", "orders_order", "UPDATE", order_move, "an order cannot move like this"
    yield "case_move", "orders_case", "UPDATE", case_move, "a case cannot move like this"
    yield "ship_verified", "orders_shipment", "INSERT", _UNVERIFIED, "an unverified order cannot leave"
    yield "refund_inspected", "orders_moneyentry", "INSERT", _UNINSPECTED, "no refund without an inspection"
    yield "money_back_owed", "orders_case", "INSERT", _NOT_OWED, "only money of a called off order goes back like this"
    yield "money_back_amount", "orders_moneyentry", "INSERT", _TOO_MUCH, "more than is owed does not go back"
    yield "money_back_hands", "orders_case", "UPDATE", _OWN_HANDS, "who called an order off does not pay it back"
    refund = "OLD.refund IS NOT NULL AND (NEW.refund IS NULL OR OLD.refund <> NEW.refund)"
    yield "refund_stays", "orders_case", "UPDATE", refund, "a refund is set once"
    for table in LEDGERS:
        yield f"{table}_kept", table, "UPDATE", "1 = 1", "a ledger is not changed"
        yield f"{table}_stays", table, "DELETE", "1 = 1", "nothing leaves a ledger"
    words = "OLD.reason <> NEW.reason OR OLD.words <> NEW.words"
    yield "reason_kept", "orders_refusalreason", "UPDATE", words, "what was said is not changed"
    yield "reason_stays", "orders_refusalreason", "DELETE", "1 = 1", "what was said stays"


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Put every guard up, in the place of an earlier one of its name."""
    for name, table, event, when, says in _guards():
        for statement in (_on_sqlite if editor.connection.vendor == "sqlite" else _on_postgresql)(
            f"guard_{name}", table, event, when, says
        ):
            editor.execute(statement)


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    for name, table, *_rest in _guards():
        on = "" if editor.connection.vendor == "sqlite" else f" ON {table}"
        editor.execute(f"DROP TRIGGER IF EXISTS guard_{name}{on}")


def sqlite_deletions() -> tuple[list[str], list[str]]:
    """Statements that lift the guards against deletion on SQLite, and those that put them up again."""
    guards = [one for one in _guards() if one[2] == "DELETE"]
    made = [statement for name, *rest in guards for statement in _on_sqlite(f"guard_{name}", *rest)]
    lifted = [statement for statement in made if statement.startswith("DROP")]
    return lifted, [statement for statement in made if not statement.startswith("DROP")]


def _on_sqlite(name: str, table: str, event: str, when: str, says: str) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{says}'); END"


def _on_postgresql(name: str, table: str, event: str, when: str, says: str) -> Iterator[str]:
    row = "OLD" if event == "DELETE" else "NEW"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


constraint("guard_order_move", "ORD-003", "ORD-004")
constraint("guard_case_move", "ORD-003", "ORD-001", "ORD-002", "ORD-006")
constraint("guard_ship_verified", "ORD-004")
constraint("guard_refund_inspected", "ORD-001")
constraint("guard_money_back_owed", "ORD-001")
constraint("guard_money_back_amount", "ORD-001")
constraint("guard_money_back_hands", "ORD-001")
constraint("guard_reason_kept", "ORD-005")
constraint("guard_reason_stays", "ORD-005", "ORD-010")
constraint("guard_orders_moneyentry_stays", "ORD-001")
constraint("guard_orders_pointsentry_stays", "ORD-007")
constraint("guard_orders_steplog_stays", "ORD-003")
