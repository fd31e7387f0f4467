# SPDX-License-Identifier: Apache-2.0
"""The digital twin: a centre's day or month played event by event. A plain library of arrays and dataclasses."""
