# SPDX-License-Identifier: Apache-2.0
"""Rosters worked out in the application: the site's own month as a problem, the answer as a draft."""
