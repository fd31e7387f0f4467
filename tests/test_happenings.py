# SPDX-License-Identifier: Apache-2.0
"""What happened under each clause: every package answers for every clause, cheaply, and nothing comes of nothing."""

from datetime import date

import pytest

from zuoxi.policy.clauses import clause_book
from zuoxi.policy.happenings import happened
from zuoxi.policy.selectors import site_handbook

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
QUERIES = 10


@pytest.mark.django_db
def test_every_clause_can_be_asked_for_within_ten_queries_and_an_empty_centre_has_seen_nothing(
    django_assert_max_num_queries,
):
    site_handbook()
    for clause in clause_book().clauses:
        with django_assert_max_num_queries(QUERIES):
            assert happened(clause, FIRST, LAST) == []
