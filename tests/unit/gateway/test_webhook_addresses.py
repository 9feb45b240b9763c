"""Nobody makes the server call into its own network."""

from __future__ import annotations

import socket

import pytest

from services.gateway.webhooks.addresses import NotUsable, is_public, parse, resolve

IPV4_INSIDE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1",
)  # fmt: skip
IPV6_INSIDE = (
    "::", "::1", "fe80::1", "fe80::1%lo", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
    "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:db8::1", "100::1",
)  # fmt: skip


def known_as(monkeypatch, *addresses):
    """Let every name have these addresses."""

    def getaddrinfo(host, port, **_):
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("address", IPV4_INSIDE + IPV6_INSIDE)
def test_a_name_that_leads_inside_is_refused(monkeypatch, address):
    known_as(monkeypatch, address)
    with pytest.raises(NotUsable, match="公网"):
        resolve(parse("https://example.org/"))


@pytest.mark.parametrize("address", IPV4_INSIDE)
def test_an_address_inside_is_refused_as_it_is(address):
    with pytest.raises(NotUsable):
        resolve(parse(f"https://{address}/"))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "localhost", "localhost."]
)
def test_other_spellings_of_this_machine_are_refused(host):
    with pytest.raises(NotUsable):
        resolve(parse(f"https://{host}/"))


def test_one_address_inside_among_good_ones_is_enough(monkeypatch):
    known_as(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(NotUsable):
        resolve(parse("https://example.org/"))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2001:4860:4860::8888"])
def test_the_open_internet_may_be_reached(monkeypatch, address):
    known_as(monkeypatch, address)
    assert resolve(parse("https://example.org/hook")) == [address]


def test_a_name_is_looked_up_once_and_never_again(monkeypatch):
    """What it says a moment later does not matter: only addresses come out."""
    asked = []

    def getaddrinfo(host, port, **_):
        asked.append(host)
        return [(0, 0, 0, "", ("8.8.8.8" if len(asked) == 1 else "127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert resolve(parse("https://example.org/")) == ["8.8.8.8"]
    assert asked == ["example.org"]


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)",
        "//example.org/", "https:///path", "https://", "https://user@example.org/", "https://user:pw@example.org/",
        "https://good.example@127.0.0.1/", "https://127.0.0.1\\@example.org/", "https://example.org\\@127.0.0.1/",
        "https://example.org#@127.0.0.1/", "https://example.org/#x", "https://exa mple.org/", "https://example.org/\r\nHost: x",
        "https://example.org/\n", "https://example.org/a b", "https://example.org/中文", "https://[::1", "https://[fe80::1%25lo]/",
        "https://example.org:99999/", "https://example.org:-1/", "https://example.org:22/", "https://example.org:25/",
        "https://example.org:0/", "https://example.org:0443x/", "https://" + "a" * 300 + ".org/", "https://exa%6dple.org/",
        "https://a..b/",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url):
    with pytest.raises(NotUsable):
        parse(url)


def test_http_is_refused_on_the_internet(monkeypatch):
    known_as(monkeypatch, "8.8.8.8")
    with pytest.raises(NotUsable, match="https"):
        resolve(parse("http://example.org/"))


def test_what_the_operator_has_named_may_be_reached_over_http_too(monkeypatch):
    assert resolve(parse("http://127.0.0.1:9000/hook"), "127.0.0.0/8") == ["127.0.0.1"]
    with pytest.raises(NotUsable):
        resolve(parse("http://10.0.0.1:9000/hook"), "127.0.0.0/8")
    known_as(monkeypatch, "::ffff:127.0.0.1")
    with pytest.raises(NotUsable):
        resolve(parse("http://example.org/"), "127.0.0.0/8")


def test_a_chinese_name_is_looked_up_as_dns_has_it():
    assert parse("https://例子.测试/hook?a=1").host == "xn--fsqu00a.xn--0zwm56d"
    target = parse("https://EXAMPLE.org:8443/hook?a=1")
    assert (target.host, target.named, target.path) == ("example.org", "example.org:8443", "/hook?a=1")


def test_every_kind_of_address_has_been_thought_of():
    import ipaddress

    assert not any(is_public(ipaddress.ip_address(a)) for a in (*IPV4_INSIDE, *IPV6_INSIDE))
