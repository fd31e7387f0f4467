# SPDX-License-Identifier: Apache-2.0
"""The forecast as the centre keeps it: made from the ledger, changed by hand, compared with what came."""
