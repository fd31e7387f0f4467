# SPDX-License-Identifier: Apache-2.0
"""Rosters for a whole centre: from demand, people and rules to who works when. Plain library, no framework."""
