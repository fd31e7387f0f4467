# SPDX-License-Identifier: Apache-2.0
"""What the handbook knows of leave: its sections and, beside the route, the judgements on balances and admission."""

from zuoxi.leave import accrual, admission
from zuoxi.leave.kinds import LEAVE_DOCUMENTS, LEAVE_KINDS

__all__ = ["LEAVE_DOCUMENTS", "LEAVE_KINDS", "accrual", "admission"]
