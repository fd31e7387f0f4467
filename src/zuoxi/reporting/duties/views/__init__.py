# SPDX-License-Identifier: Apache-2.0
"""Pages of duties: one's own, what one receives, how punctual all are, coming home safely."""
