# SPDX-License-Identifier: Apache-2.0
"""Why a telling did not get through, in the reader's language. Kept as it was met, told in words when it is read."""

from __future__ import annotations

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Text = str | Promise
_TECHNICAL: Final = re.compile(r"[A-Z]\w+(?:Error|Timeout):")

_KNOWN: Final[tuple[tuple[re.Pattern[str], Text], ...]] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (
            r"HTTP (?P<code>\d+): redirects are not followed",
            gettext_lazy(
                "The receiver sent us on to another address (HTTP %(code)s), which is not followed. Enter that one."
            ),
        ),
        (r"HTTP (?P<code>410)", gettext_lazy("The receiver says that it is gone for good (HTTP %(code)s).")),
        (r"HTTP (?P<code>40[13])", gettext_lazy("The receiver does not let us in (HTTP %(code)s): check its secret.")),
        (r"HTTP (?P<code>404)", gettext_lazy("The receiver does not know the address (HTTP %(code)s).")),
        (
            r"HTTP (?P<code>429)",
            gettext_lazy("The receiver was told too much at once (HTTP %(code)s)."),
        ),
        (r"HTTP (?P<code>5\d\d)", gettext_lazy("The receiver failed (HTTP %(code)s).")),
        (r"HTTP (?P<code>\d+)", gettext_lazy("The receiver refused it (HTTP %(code)s).")),
        (r"the web hook is switched off", gettext_lazy("The web hook is switched off.")),
        (
            r"the receiver says that it is gone for good \(HTTP (?P<code>\d+)\)",
            gettext_lazy("The receiver says that it is gone for good (HTTP %(code)s)."),
        ),
        (
            r"(?P<host>\S+) is in a private network",
            gettext_lazy("%(host)s is in a private network; such addresses are opened by IT."),
        ),
        (r"no web address: .*", gettext_lazy("That is no web address.")),
        (
            r"write the host of a web hook in ASCII.*",
            gettext_lazy("Write the host in ASCII (xn--…)."),
        ),
        (
            r"a web hook is an http or https address without a sign-in",
            gettext_lazy("Write an http or https address without a sign-in."),
        ),
        (r"an answer above .*", gettext_lazy("The receiver's answer was too long or took too long.")),
        (
            r"ConnectTimeout.*|ReadTimeout.*|WriteTimeout.*|PoolTimeout.*",
            gettext_lazy("The receiver did not answer in time."),
        ),
        (r"ConnectError.*(?:[Cc]ertificate|SSL).*", gettext_lazy("The receiver's certificate is not valid.")),
        (r"ConnectError.*", gettext_lazy("Nothing listens at the address.")),
        (r"RemoteProtocolError.*|ReadError.*|WriteError.*", gettext_lazy("The receiver broke the connection off.")),
        (r"(?P<host>\S+): \[Errno -?\d+\].*", gettext_lazy("The name %(host)s is not known.")),
    )
)


def told(error: str) -> str:
    """The words for what was met; behind them what a technician asks for. What nobody knows stays as it is."""
    for pattern, text in _KNOWN:
        met = pattern.fullmatch(error)
        if met is not None:
            words = str(text) % met.groupdict()
            return f"{words} ({error})" if _TECHNICAL.match(error) else words
    return error
