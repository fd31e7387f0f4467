# SPDX-License-Identifier: Apache-2.0
"""Tests across packages. A package itself, so that one of that name which a library brings along is not found first."""
