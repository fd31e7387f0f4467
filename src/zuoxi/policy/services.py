# SPDX-License-Identifier: Apache-2.0
"""The verbs of the handbook: propose and decide an amendment, judge a month again, switch off, ask a rule."""

from zuoxi.policy.amending import (
    Decided,
    Person,
    Proposal,
    Unfit,
    approve,
    check,
    close,
    propose,
    provide_submitter,
)
from zuoxi.policy.evaluate import evaluate
from zuoxi.policy.fact_lines import BadFacts
from zuoxi.policy.replaying import NoSuchMonth
from zuoxi.policy.replaying import ask as ask_replay
from zuoxi.policy.suspending import switch

__all__ = [
    "BadFacts",
    "Decided",
    "NoSuchMonth",
    "Person",
    "Proposal",
    "Unfit",
    "approve",
    "ask_replay",
    "check",
    "close",
    "evaluate",
    "propose",
    "provide_submitter",
    "switch",
]
