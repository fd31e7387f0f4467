# SPDX-License-Identifier: Apache-2.0
"""The closed vocabulary of positions that rights are given to (catalogue, annex A)."""

from enum import StrEnum


class Role(StrEnum):
    """A position's code. The names people read are rows of `people.Position`."""

    DIR = "DIR"
    OM = "OM"
    ODM = "ODM"
    SM = "SM"
    TSRS = "TSRS"
    CSRS = "CSRS"
    QAS = "QAS"
    TRS = "TRS"
    TSRL = "TSRL"
    CSRL = "CSRL"
    TR = "TR"
    QA = "QA"
    DA = "DA"
    IT = "IT"
    FD = "FD"
    TSR = "TSR"
    CSR = "CSR"
    HR = "HR"
    FIN = "FIN"
    WH = "WH"
    LOG = "LOG"
    DEP = "DEP"


AGENTS = frozenset({Role.TSR, Role.CSR})
LEADERS = frozenset({Role.TSRL, Role.CSRL})
FLOOR_SUPERVISORS = frozenset({Role.TSRS, Role.CSRS})
MANAGERS = frozenset({Role.OM, Role.ODM, Role.SM})
LISTENERS = frozenset({Role.QAS, Role.QA, Role.TRS, Role.TR})
RECEIVERS = frozenset({Role.WH, Role.LOG, Role.DEP})
"""Departments outside the centre that do their part of an order or a ticket and see nothing of the floor."""
EVERYONE = frozenset(Role)
