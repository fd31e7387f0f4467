# SPDX-License-Identifier: Apache-2.0
"""History from elsewhere: call lists as CSV, and a switch's own queue_log, brought into the ledger."""
