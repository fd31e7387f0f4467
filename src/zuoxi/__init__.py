# SPDX-License-Identifier: Apache-2.0
"""Zuoxi (坐席): the software a call centre is run by."""

__version__ = "0.1.0"
