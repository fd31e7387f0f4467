# SPDX-License-Identifier: Apache-2.0
"""Pages of complaints and praise."""
