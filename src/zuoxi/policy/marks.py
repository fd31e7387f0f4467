# SPDX-License-Identifier: Apache-2.0
"""The marks as packages above know them; they live in `zuoxi.web.marks`, because what stands below is marked too."""

from zuoxi.web.marks import Mark, MarkKind, constraint, enforces, marks, records, shows

__all__ = ["Mark", "MarkKind", "constraint", "enforces", "marks", "records", "shows"]
