# SPDX-License-Identifier: Apache-2.0
"""Where a web hook may go: public addresses only, and to the very address that was looked at.

`ZUOXI_WEBHOOK_NETWORKS` (comma-separated networks) opens private ones on purpose.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from zuoxi.messaging.channels.letter import Refused, Unreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE: Final = ipaddress.ip_network("::/96")


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL with the address in the place of its host, the host that it is meant for, and that without the port."""

    url: str
    host: str
    name: str


def destination(url: str) -> Destination:
    """Resolve once and hold to it, so that a name cannot point elsewhere a moment later. Refused for private ones."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Refused(f"no web address: {error}") from error
    if not parts.netloc.isascii():
        raise Refused("write the host of a web hook in ASCII (xn--…)")
    if parts.scheme not in ("https", "http") or not parts.hostname or "@" in parts.netloc:
        raise Refused("a web hook is an http or https address without a sign-in")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Refused(f"no web address: {error}") from error
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise Unreachable(f"{parts.hostname}: {error}") from error
    addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    if not addresses or not all(_permitted(one) for one in addresses):
        raise Refused(f"{parts.hostname} is in a private network")
    address = f"[{addresses[0]}]" if addresses[0].version == 6 else str(addresses[0])
    return Destination(parts._replace(netloc=f"{address}:{port}").geturl(), parts.netloc, parts.hostname)


def _permitted(address: Address) -> bool:
    inner = _inside(address)
    if address.is_global and not address.is_multicast and all(one.is_global for one in inner):
        return True
    opened = os.environ.get("ZUOXI_WEBHOOK_NETWORKS", "")
    meant = inner[0] if inner else address
    return any(meant in ipaddress.ip_network(text.strip()) for text in opened.split(",") if text.strip())


def _inside(address: Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64, and the old compatible form."""
    if address.version == 4:
        return []
    known = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or address in _COMPATIBLE:
        known.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in known if one is not None]
