"""A webhook: whose events go where, and whether they do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from shared.aggregate import Governed
from shared.contracts.webhooks import STATES
from shared.identity import Actor, Role
from shared.problems import NotAllowed
from shared.reach import (
    WITHHELD,
    covers,
    jurisdictions_of,
    matches,
    may_have_judgements,
    require_within,
    sees_all,
    tells_judgements,
)
from shared.rules import Rule, Rules

PEOPLE = ("self", "operator")
RULES = Rules(
    "个推送",
    STATES,
    [
        Rule("pause_webhook", "暂停推送", PEOPLE, ("active",)),
        Rule("resume_webhook", "恢复推送", PEOPLE, ("paused", "disabled")),
        Rule("rotate_webhook_secret", "更换密钥", PEOPLE, ("active", "paused", "disabled")),
        Rule("redeliver_webhook", "重新推送", PEOPLE, ("active",)),
        Rule("delete_webhook", "删除推送", PEOPLE, ("active", "paused", "disabled")),
        Rule("disable_webhook", "自动停用", ("system",), ("active", "paused")),
    ],
)

# After each failure the next try comes so many seconds later: 17 tries within 72 hours.
DELAYS = (5, 30, 120, 600, 1800, 3600, 7200, 14400, *(28800,) * 8)
COLLECTING = ("active", "paused")  # states in which events are put by for it

LOST_RIGHT = "账号的职务已变更，不再包括这个辖区。"


@dataclass(kw_only=True)
class Webhook(Governed):
    """One address that events of a jurisdiction (`congress`) are posted to."""

    rules: ClassVar[Rules] = RULES

    owner: str
    owner_name: str
    url: str
    types: list[str]
    created_at: datetime
    description: str = ""
    state: str = "active"
    reason: str = ""  # why it was disabled
    disabled_at: str = ""
    generation: int = 1  # of its secret
    former: dict[str, float] = field(
        default_factory=dict
    )  # earlier generations, each with its end (since 1970)
    starts: dict[str, int] = field(
        default_factory=dict
    )  # by service: events up to this position are not meant
    unrestricted: bool = False  # made by an operator: nothing is withheld
    judgements: bool = False  # made by who may hear how deputies of the place judge

    @classmethod
    def create(cls, id: str, by: Actor, now: datetime, data: dict[str, Any]) -> Webhook:
        """Raises NotAllowed where the jurisdiction is not the person's."""
        require_within(by, data["jurisdiction"])
        return cls(
            id=id, congress=data["jurisdiction"], owner=by.account, owner_name=by.name, url=data["url"],
            types=data["types"], description=data["description"], starts=data["starts"], created_at=now,
            unrestricted=sees_all(by), judgements=may_have_judgements(by, data["jurisdiction"]),
        )  # fmt: skip

    def relations(self, actor: Actor) -> frozenset[str]:
        found = {role for role in ("operator", "system") if actor.has(role)}
        if actor.account == self.owner and self.state != "deleted":
            found.add("self")
        return frozenset() if self.state == "deleted" and not actor.has("system") else frozenset(found)

    def wants(self, service: str, position: int, event: dict[str, Any]) -> bool:
        """Is this event, at this position of a service's log, to be posted?"""
        return (
            position > self.starts.get(service, 0)
            and covers(self.congress, event["jurisdiction"])
            and (not self.types or matches(event["type"], self.types))
            and (self.unrestricted or not matches(event["type"], WITHHELD))
            and (self.judgements or not tells_judgements(event))
        )

    def generations(self, seconds: float) -> list[int]:
        """Of the secrets with which a message is signed at this time, the newest first."""
        return [self.generation, *(int(g) for g, ends in self.former.items() if seconds < ends)]

    def rotate(self, seconds: float, overlap_hours: int) -> None:
        """Begin a new generation of the secret; the present one stays for so long, earlier ones that have ended go."""
        self.former = {g: ends for g, ends in self.former.items() if seconds < ends}
        if overlap_hours:
            self.former[str(self.generation)] = seconds + overlap_hours * 3600
        else:
            self.former = {}  # it may have become known: nothing older than the new one counts
        self.generation += 1

    def resume(self, starts: dict[str, int]) -> None:
        """Go on: after a pause with what was put by, after an automatic stop from now on."""
        if self.state == "disabled":
            self.starts = starts
        self.state, self.reason, self.disabled_at = "active", "", ""

    def disable(self, reason: str, by: Actor, now: datetime) -> None:
        """Stop, and say so."""
        self.state, self.reason, self.disabled_at = "disabled", reason, now.isoformat()
        self.record(
            "webhook.disabled", now, by, owner=self.owner, description=self.description, reason=reason
        )

    def lose_judgements(self, roles: list[Role]) -> bool:
        """The owner has these roles now. True when the right to judgements went with the change."""
        owner = Actor(self.owner, self.owner_name, tuple(roles))
        lost = self.judgements and not may_have_judgements(owner, self.congress)
        self.judgements = self.judgements and not lost
        return lost

    def is_within(self, roles: list[Role]) -> bool:
        """Is the jurisdiction still the owner's, who has these roles now?"""
        owner = Actor(self.owner, self.owner_name, tuple(roles))
        try:
            return any(covers(root, self.congress) for root in jurisdictions_of(owner)) and (
                sees_all(owner) or not self.unrestricted
            )
        except NotAllowed:
            return False
