# SPDX-License-Identifier: Apache-2.0
"""Where a web hook may go: public addresses only, and to the very address that was looked at.

`ZUOXI_WEBHOOK_NETWORKS` (comma-separated networks) opens private ones on purpose.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from zuoxi.messaging.channels.letter import Refused, Unreachable


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL with the address in the place of its host, and the host that it is meant for."""

    url: str
    host: str


def destination(url: str) -> Destination:
    """Resolve once and hold to it, so that a name cannot point elsewhere a moment later. Refused for private ones."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        raise Refused("a web hook is an http or https address without a sign-in")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise Unreachable(f"{parts.hostname}: {error}") from error
    addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    if not addresses or not all(_permitted(one) for one in addresses):
        raise Refused(f"{parts.hostname} is in a private network")
    address = f"[{addresses[0]}]" if addresses[0].version == 6 else str(addresses[0])
    return Destination(parts._replace(netloc=f"{address}:{port}").geturl(), parts.netloc)


def _permitted(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_global and not address.is_multicast:
        return True
    opened = os.environ.get("ZUOXI_WEBHOOK_NETWORKS", "")
    return any(address in ipaddress.ip_network(text.strip()) for text in opened.split(",") if text.strip())
