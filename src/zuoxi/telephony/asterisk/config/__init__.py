# SPDX-License-Identifier: Apache-2.0
"""Configuration of an Asterisk from a :class:`SwitchPlan`: pure text, the same plan always the same bytes."""

from .plan import (
    Agent,
    Device,
    Fallback,
    Hours,
    ListenerAccount,
    Menu,
    MenuChoice,
    Number,
    Queue,
    SpecialDay,
    Strategy,
    Survey,
    SurveyQuestion,
    SwitchPlan,
    Trunk,
    UnsafeValue,
)
from .whole import Addresses, includes, whole_switch

__all__ = [
    "Addresses",
    "Agent",
    "Device",
    "Fallback",
    "Hours",
    "ListenerAccount",
    "Menu",
    "MenuChoice",
    "Number",
    "Queue",
    "SpecialDay",
    "Strategy",
    "Survey",
    "SurveyQuestion",
    "SwitchPlan",
    "Trunk",
    "UnsafeValue",
    "includes",
    "whole_switch",
]
