# SPDX-License-Identifier: Apache-2.0
import pytest

from zuoxi.events.moments import Moment

pytestmark = pytest.mark.once


def test_listeners_are_called_in_the_order_in_which_they_came():
    closed, heard = Moment[int]("closed"), []
    closed.listen(lambda number: heard.append(("first", number)))
    closed.listen(lambda number: heard.append(("second", number)))
    closed.tell(7)
    assert heard == [("first", 7), ("second", 7)]


def test_a_listener_that_asks_twice_hears_once_and_none_after_it_left():
    closed, heard = Moment[int]("closed"), []
    closed.listen(heard.append)
    closed.listen(heard.append)
    closed.tell(1)
    closed.leave(heard.append)
    closed.tell(2)
    assert heard == [1]


def test_what_a_listener_raises_reaches_the_teller():
    closed = Moment[int]("closed")

    def broken(number):
        raise ValueError(number)

    closed.listen(broken)
    with pytest.raises(ValueError, match="3"):
        closed.tell(3)
