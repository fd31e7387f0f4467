# SPDX-License-Identifier: Apache-2.0
"""Request types of the house itself: those that packs hold as data, the people's path, and changes of the handbook."""

from zuoxi.approvals import amendments, announcing, data_kinds, leavings, moves  # noqa: F401 - registers the types
