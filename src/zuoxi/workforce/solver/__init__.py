# SPDX-License-Identifier: Apache-2.0
"""Rosters worked out: plain libraries on dataclasses and arrays, without Django."""
