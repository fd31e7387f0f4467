# SPDX-License-Identifier: Apache-2.0
"""What if: days of the centre played with another roster, another rule, or more calls, side by side."""
