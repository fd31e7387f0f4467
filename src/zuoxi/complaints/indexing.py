# SPDX-License-Identifier: Apache-2.0
"""What of a complaint can be found by its words: what the customer says and wants, what was done and answered. What was
found about a person is not among them."""

from __future__ import annotations

from collections.abc import Iterator

from zuoxi.complaints.models import Complaint
from zuoxi.search import selectors as search_selectors
from zuoxi.search import services as search

KIND = "complaint"


def doc(complaint: Complaint) -> search.Doc:
    said = (complaint.words, complaint.wish, complaint.measures, complaint.answer)
    return search.Doc(
        KIND, str(complaint.pk), complaint.number, "\n".join(filter(None, said)), at=complaint.received_at
    )


def index(complaint: Complaint) -> None:
    """Write the complaint into the full text, in the caller's transaction."""
    search.index_docs([doc(complaint)])


def docs() -> Iterator[search.Doc]:
    """Every complaint, oldest first."""
    for one in Complaint.objects.order_by("pk").iterator(500):
        yield doc(one)


def catch_up() -> int:
    """Write those in that were received before there was an index; how many. Two counts where nothing is missing."""
    received = Complaint.objects.count()  # first: what comes in between the two counts must not look as if it missed
    if search_selectors.count_of(KIND) >= received:
        return 0
    return search.reindex(KIND, docs())
