# SPDX-License-Identifier: Apache-2.0
"""What a load needs and what a day will reach: arrays and dataclasses, no tables. `workforce.today` feeds it."""
