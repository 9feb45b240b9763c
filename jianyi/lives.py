"""Plain lives over REST: the shortest complete life of a suggestion, twelve commands from draft to closing.

Fault tests and benchmarks live them by the thousand. Every command has a key, so that a client whose answer got lost
asks again without doing anything twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import urllib3

from jianyi.client import Client
from shared.clock import legal_date
from shared.problems import NotSignedIn, Problem

PASSWORD = "plain-lives-2026"
RETRY_SECONDS = 0.02
GIVE_UP_SECONDS = 120.0
TEXT = {
    "title": "关于整治村口公路急弯的建议",
    "situation": "村口公路有一处急弯，视线被民房遮挡，去年发生事故三起，村民出行担心。",
    "analysis": "弯道半径小，没有反光镜和减速带，路灯也坏了两盏。",
    "proposals": "（一）安装反光镜和减速带。（二）修复路灯。（三）适当拓宽弯道内侧。",
    "kind": "suggestion",
    "category": "交通运输",
}
REPLY = (
    "我单位已会同交警到现场勘查，安装反光镜两面、减速带三道，路灯已修复，弯道拓宽列入本月养护计划并已完工。"
)


@dataclass
class Players:
    """The signed-in people of plain lives at one congress."""

    congress: str
    deputy: Client
    seat: str
    liaison: Client
    clerk: Client
    head: Client
    unit: str


def cast(system: Client, congress: str, prefix: str, today: date | None = None) -> Players:
    """Register a session, a deputy, a unit and their accounts at a congress, and sign them in.

    A session of the congress that is there already is used.
    """
    day = (today or legal_date(datetime.now(UTC))).isoformat()
    if not system.get("/sessions", congress=congress):
        system.command("/sessions", congress=congress, term=14, ordinal=1, opens_on=day, closes_on=day)
    seat = system.command("/deputies", congress=congress, name=f"代表{prefix}")["id"]
    unit = system.command("/units", congress=congress, name=f"{prefix}承办单位", kind="government")["id"]
    roles = {
        "deputy": {"role": "deputy", "seat": seat}, "liaison": {"role": "liaison"},
        "clerk": {"role": "handler", "unit": unit}, "head": {"role": "unit_head", "unit": unit},
    }  # fmt: skip
    clients = {}
    for name, role in roles.items():
        login = f"{prefix}-{name}"
        clients[name] = Client.of_new_account(system, login, login, PASSWORD, {"congress": congress, **role})
    return Players(congress, seat=seat, unit=unit, **clients)


class Life:
    """One plain life. `took` gets the seconds of each command that was answered."""

    def __init__(
        self, players: Players, name: str, took: Callable[[str, float], None] = lambda *_: None
    ) -> None:
        self.players, self.name, self.took = players, name, took
        self.id = ""

    def live(self, published: bool = False) -> str:
        """Go through the twelve commands (thirteen with publication). Returns the suggestion's id."""
        p = self.players
        self.submit()
        self.reply()
        reply = self._patiently(
            lambda: p.deputy.get(f"/suggestions/{self.id}/handling")["replies"][-1]["reply"]
        )
        self._step(p.deputy, "feedback", reply=reply, process="satisfied", result="satisfied")
        self._step(p.liaison, "close")
        if published:
            self._step(p.liaison, "publish")
        return self.id

    def submit(self) -> str:
        """The deputy's part of the life up to the office's desk."""
        p = self.players
        self.id = self._do(
            p.deputy,
            "draft",
            "/suggestions",
            congress=p.congress,
            **{**TEXT, "title": f"{TEXT['title']}（{self.name}）"},
        )["id"]
        self._step(p.deputy, "submit")
        return self.id

    def reply(self) -> None:
        """The office's and the unit's part, up to the reply."""
        p = self.players
        self._step(p.liaison, "accept")
        self._step(p.liaison, "assign", lead=p.unit)
        task = self._patiently(lambda: p.clerk.get(f"/suggestions/{self.id}/handling")["tasks"][0]["id"])
        self._step(p.clerk, "sign-for", task=task)
        self._step(p.clerk, "plan", task=task, handler="经办人甲", plan="现场勘查，商代表后实施。")
        today = legal_date(datetime.now(UTC)).isoformat()
        self._step(
            p.clerk,
            "contacts",
            task=task,
            phase="during",
            method="visit",
            on=today,
            deputies=[p.seat],
            notes="现场面商。",
        )
        self._step(
            p.clerk,
            "reply/draft",
            task=task,
            text=REPLY,
            reply_class="A",
            publicity="public",
            contact="经办人甲",
            phone="0731-00000000",
        )
        self._step(p.head, "reply/approve", task=task)
        self._step(p.clerk, "reply/issue", task=task, document_number=f"建复〔2026〕{self.name}号")

    def _step(self, client: Client, step: str, **data: Any) -> dict[str, Any]:
        return self._do(client, step, f"/suggestions/{self.id}/{step}", **data)

    def _do(self, client: Client, step: str, path: str, **data: Any) -> dict[str, Any]:
        def once() -> dict[str, Any]:
            began = time.perf_counter()
            answer = client.post(path, data, key=f"{self.name}-{step}")
            self.took(step, time.perf_counter() - began)
            return dict(answer)

        return self._patiently(once)

    def _patiently(self, attempt: Callable[[], Any]) -> Any:
        """Try until it is answered: the network may be down, or another service's event still be on its way."""
        ends = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                return attempt()
            except NotSignedIn:
                raise
            except (Problem, urllib3.exceptions.HTTPError, IndexError):
                if time.monotonic() > ends:
                    raise
                time.sleep(RETRY_SECONDS)
