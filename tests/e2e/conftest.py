"""A network in a process of its own, people with accounts, and a Chromium window for each of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from jianyi import lives
from jianyi.client import Client
from jianyi.processes import SERVICES, free_ports, processes_of
from servers import chromium_path
from shared.settings import Settings

HUNAN = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


@dataclass
class Town:
    """A running network with one deputy, one unit and the liaison office."""

    base: str
    home: Path
    players: lives.Players


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home: Path = tmp_path_factory.mktemp("network")
    settings = Settings(
        home=home, port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case"
    )
    processes = processes_of(settings, real=False)
    processes.start("network")
    try:
        processes.wait_until_ready()
        system = Client.as_system(settings)
        system.command("/divisions", divisions=[HUNAN])
        integrator = {"role": "integrator", "congress": "43"}
        system.command(
            "/accounts",
            login="e2e-platform",
            name="智慧人大平台",
            password=lives.PASSWORD,
            roles=[integrator],
        )
        operator = {"login": "e2e-operator", "name": "运维甲", "roles": [{"role": "operator"}]}
        system.command("/accounts", password=lives.PASSWORD, **operator)
        # A system of its own: an office with a bureau below it.
        office = system.command("/units", congress="43", name="省政府办公厅", kind="distributing")["id"]
        system.command("/units", congress="43", name="省路灯管理局", parent=office)
        officer = {"role": "distributing", "congress": "43", "unit": office}
        system.command(
            "/accounts", login="e2e-officer", name="交办员甲", password=lives.PASSWORD, roles=[officer]
        )
        yield Town(system.base, home, lives.cast(system, "43", "e2e"))
    finally:
        processes.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=str(chromium_path()), args=QUIET)
        yield window
        window.close()


class Person:
    """Somebody in front of the screen. `narrow` is a phone."""

    def __init__(self, browser: Browser, town: Town, login: str, narrow: bool = False) -> None:
        size = {"width": 390, "height": 844} if narrow else {"width": 1280, "height": 900}
        self.page: Page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
        self.base = town.base
        self.page.goto(f"{self.base}/sign-in")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", lives.PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def opens(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page

    def finds(self, path: str, text: str, seconds: float = 20) -> str:
        """Look at a page until a text is there, and return all that it says: another service's event may still be
        on its way."""
        import time

        ends = time.monotonic() + seconds
        while text not in (said := self.opens(path).inner_text("main")):
            assert time.monotonic() < ends, f"{text} not on {path}:\n{said}"
        return said

    def does(self, path: str, action: str, /, **fields: str) -> None:
        """On a suggestion's page, follow the action's link, fill the form in, and send it by keyboard or mouse."""
        self.finds(path, action)
        self.page.locator("section.next-step").get_by_role("link", name=action, exact=False).first.click()
        for name, value in fields.items():
            self._fill(name, value)
        self.page.locator("main form .actions button.btn-primary").click()
        self.page.wait_for_url(lambda url: url.rstrip("/").endswith(path))

    def _fill(self, name: str, value: str) -> None:
        field = self.page.locator(f"[name='{name}']").first
        kind = field.get_attribute("type")
        if kind in ("radio", "checkbox"):
            self.page.locator(f"[name='{name}'][value='{value}']").check()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


@pytest.fixture(scope="package")
def person(browser: Browser, town: Town):
    return lambda login, narrow=False: Person(browser, town, f"e2e-{login}", narrow)
