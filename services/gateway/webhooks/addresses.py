"""Where webhooks may be posted to: never into the network that this server stands in.

A name is looked up once, its addresses are checked, and the connection is made to one of those very addresses: a name
that says something else a moment later changes nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.problems import Invalid

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Global by their first bits, but each carries an IPv4 address inside, or leads to whoever answers first.
CARRIERS = [ipaddress.ip_network(n) for n in ("2002::/16", "2001::/23", "64:ff9b::/96", "192.88.99.0/24")]
LOWEST_PORT = 1024  # below, services speak other languages than HTTP: mail, names, files
HTTP_PORTS = (80, 443)
MOST_ADDRESSES = 4

NOT_HTTPS = "接收地址应当以 https:// 开头。"
NOT_AN_ADDRESS = "接收地址写得不对，应当像 https://example.org/jianyi 的样子，不含账号、密码和 #。"
NOT_A_PORT = "接收地址的端口只能是 443，或者 1024 以上。"
# One sentence for both: whether a name exists inside is nobody's business outside.
NOT_REACHABLE = "接收地址不能使用：域名查不到，或者不是公网地址。"

_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]+\]", re.ASCII)
_TARGET = re.compile(r"[\x21-\x7e]*", re.ASCII)


class NotUsable(Exception):
    """An address that nothing may be posted to; the text says why."""


@dataclass(frozen=True)
class Target:
    """An address taken apart, by us and nobody else: what is checked is what is connected to."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """For the Host header."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == {"http": 80, "https": 443}[self.scheme] else f"{shown}:{self.port}"


def parse(url: str) -> Target:
    """Take a URL apart. Raises NotUsable."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotUsable(NOT_AN_ADDRESS) from None
    if parts.scheme not in ("https", "http"):
        raise NotUsable(NOT_HTTPS)
    host_and_port = parts.netloc
    host = host_and_port[: host_and_port.rindex(":")] if port is not None else host_and_port.removesuffix(":")
    try:
        host = host if host.startswith("[") else host.encode("idna").decode()
    except UnicodeError:
        raise NotUsable(NOT_AN_ADDRESS) from None
    is_plain = _TARGET.fullmatch(parts.path + parts.query) and "\\" not in url and "#" not in url
    if not is_plain or not _HOST.fullmatch(host) or any(ord(c) <= 0x20 for c in url):
        raise NotUsable(NOT_AN_ADDRESS)
    port = port if port is not None else {"http": 80, "https": 443}[parts.scheme]
    if port not in HTTP_PORTS and port < LOWEST_PORT:
        raise NotUsable(NOT_A_PORT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host.strip("[]").lower(), port, path)


def resolve(target: Target, networks: str = "") -> list[str]:
    """The addresses to connect to. Raises NotUsable when one of them is none to post to.

    `networks`: those of the operator's own that may be reached nevertheless, over http too (JIANYI_WEBHOOK_NETWORKS).
    """
    allowed = [ipaddress.ip_network(network) for network in networks.split(",") if network]
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(entry[4][0])) for entry in found]
    except (OSError, ValueError, UnicodeError):
        raise NotUsable(NOT_REACHABLE) from None
    for address in addresses:
        is_own = any(address in network for network in allowed)
        if not is_own and not is_public(address):
            raise NotUsable(NOT_REACHABLE)
        if not is_own and target.scheme != "https":
            raise NotUsable(NOT_HTTPS)
    if not addresses:
        raise NotUsable(NOT_REACHABLE)
    return list(dict.fromkeys(map(str, addresses)))[:MOST_ADDRESSES]


def is_public(address: Address) -> bool:
    """Does an address belong to the open internet, and to one machine of it?"""
    if isinstance(address, ipaddress.IPv6Address) and (
        address.scope_id or address not in GLOBAL_UNICAST  # mapped, compatible, local, site-local, multicast
    ):
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in CARRIERS if network.version == address.version)
    )


def require_usable(url: str, networks: str) -> None:
    """Raise Invalid, with the sentence beside the field, unless a webhook may be posted there now."""
    try:
        resolve(parse(url), networks)
    except NotUsable as reason:
        raise Invalid("新建推送：接收地址不能使用。", {"url": [str(reason)]}) from None
