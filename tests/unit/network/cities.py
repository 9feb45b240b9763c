"""A city with its own people, those of its neighbour, its province, its county below, and who belongs to none of them.

The life of one suggestion is told through the real services; everybody else tries each step before the person whose step
it is, and asks each question before and after.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from harness import TestNetwork

from services.search import indexing
from shared.aggregate import new_id
from shared.bus.rpc import _dumps
from shared.identity import SYSTEM, Actor, Role
from shared.problems import Problem

SERVICES = ("directory", "intake", "assignment", "supervision", "evaluation", "search")
PROVINCE, OWN, NEIGHBOUR, COUNTY = "43", "43.01", "43.02", "43.01.81"
PLACES = {PROVINCE: "province", OWN: "", NEIGHBOUR: "neighbour", COUNTY: "county"}
WATER = {
    "title": "关于修复城东老旧供水管网的建议", "situation": "城东管网漏损严重。", "analysis": "管材老化，责任不清。",
    "proposals": "请水利部门三年内更换。", "kind": "suggestion", "category": "水利",
}  # fmt: skip
OFFICES = ("liaison", "distributing", "supervisor", "standing_leader")
GOVERNMENT = "government_leader"  # oversees like an office, and does not hear how deputies judge
# At each place the same parts are played: `liaison` is our own office, `neighbour liaison` the neighbour's.
PARTS = (
    "lead",
    "cosigner",
    "invited",
    "deputy",
    *OFFICES,
    GOVERNMENT,
    "clerk",
    "head",
    "joint clerk",
    "other clerk",
    "officer",
    "section clerk",
    "keeper",
    "platform",
)


class World:
    """The network with its people by name, and the ids of what they have made so far."""

    def __init__(self, home: Path) -> None:
        self.network = TestNetwork(home, SERVICES, today=date(2023, 1, 14))
        self.people: dict[str, Actor | None] = {
            "operator": Actor("operator", "运维甲", (Role("operator", ""),)), "public": None,
        }  # fmt: skip
        self.ids: dict[str, str] = {}
        divisions = [
            {"path": path, "code": path, "name": f"某地{path}", "level": "city", "parent": path.rpartition(".")[0], "has_congress": True}
            for path in PLACES
        ]  # fmt: skip
        self.make("register_divisions", divisions=divisions)
        for path, place in PLACES.items():
            self._settle_place(path, f"{place} " if place else "")

    def _settle_place(self, path: str, prefix: str) -> None:
        self.make(
            "open_session", congress=path, term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19"
        )
        for part in ("lead", "cosigner", "invited", "deputy"):
            seat = self.make("register_deputy", congress=path, name=f"代表{part}")
            self.ids[f"{prefix}{part}"] = seat
            self.people[prefix + part] = Actor(new_id(), f"代表{part}", (Role("deputy", path, seat=seat),))
        for office in (*OFFICES, GOVERNMENT):
            self.people[prefix + office] = Actor(new_id(), f"某{office}", (Role(office, path),))
        self.people[prefix + "platform"] = Actor(new_id(), "某platform", (Role("integrator", path),))
        self.people[prefix + "keeper"] = Actor(new_id(), "某keeper", (Role("station", path),))
        for name in ("unit", "joint", "other"):
            self.ids[prefix + name] = self.make("register_unit", congress=path, name=f"某局{name}")
        # A system of its own: its office hands on to the section below what it is given.
        self.ids[prefix + "office"] = self.make(
            "register_unit", congress=path, name="某办公厅", kind="distributing"
        )
        self.ids[prefix + "section"] = self.make(
            "register_unit", congress=path, name="某处", parent=self.ids[prefix + "office"]
        )
        for part, role, unit in (
            ("clerk", "handler", "unit"), ("head", "unit_head", "unit"), ("joint clerk", "handler", "joint"), ("other clerk", "handler", "other"),
            ("officer", "distributing", "office"), ("section clerk", "handler", "section"),
        ):  # fmt: skip
            held = (Role(role, path, unit=self.ids[prefix + unit]),)
            self.people[prefix + part] = Actor(new_id(), f"某{part}", held)
        roles = [{"role": "handler", "congress": path, "unit": self.ids[f"{prefix}other"]}]
        account = self.make(
            "add_account", login=f"login-{path}", name="某人", password="a-long-password", roles=roles
        )
        self.ids[f"{prefix}account"] = account
        self.people[f"{prefix}self"] = Actor(
            account, "某人", (Role("handler", path, unit=self.ids[f"{prefix}other"]),)
        )
        leads = [{"role": "standing_leader", "congress": path}]
        self.ids[f"{prefix}leader account"] = self.make(
            "add_account", login=f"leader-{path}", name="副主任甲", password="a-long-password", roles=leads
        )

        newcomer = self.make("register_deputy", congress=path, name="代表新")
        roles = [{"role": "deputy", "congress": path, "seat": newcomer}]
        opened = self.network.do(
            SYSTEM, "directory", "add_account", login=f"new-{path}", name="代表新", password="a-long-password", roles=roles
        )  # fmt: skip
        self.ids[f"{prefix}newcomer"], self.ids[f"{prefix}newcomer code"] = (
            opened["id"],
            opened["codes"][0]["code"],
        )
        self.people[f"{prefix}newcomer"] = Actor(opened["id"], "代表新")

    # --- doing and asking -------------------------------------------------------------------------------------

    def make(self, command: str, **data: Any) -> str:
        return str(self.network.do(SYSTEM, "directory", command, **data)["id"])

    def do(self, who: str, service: str, command: str, id: str = "", **data: Any) -> dict[str, Any]:
        actor = self.people[who]
        assert actor is not None
        return self.network.do(actor, service, command, id, **data)

    def refusal(self, who: str, service: str, command: str, id: str, data: dict[str, Any]) -> dict[str, Any]:
        """The problem with which a command was refused; empty when it was carried out."""
        actor = self.people[who]
        try:
            if actor is None:
                self.network.runtimes[service].execute(command, id, data, token="")
            else:
                self.network.do(actor, service, command, id, **data)
        except Problem as problem:
            return problem.to_problem()
        return {}

    def answer(self, who: str, service: str, query: str, params: dict[str, Any]) -> Any:
        """What somebody is told, as it would go over the network; the problem where it is refused."""
        try:
            return orjson.loads(_dumps(self.network.ask(self.people[who], service, query, **params)))
        except Problem as problem:
            return problem.to_problem()

    def logged(self) -> int:
        """How many events there are in all logs: the same number again says that nothing was changed."""
        count = 0
        for runtime in self.network.runtimes.values():
            with runtime.database.reading() as connection:
                count += (
                    connection.scalar(sa.select(sa.func.count()).select_from(runtime.tables["event_log"]))
                    or 0
                )
        return count

    def task(self, id: str, unit: str) -> str:
        tasks = self.network.ask(self.people["liaison"], "assignment", "handling", id=id)["tasks"]
        return str(next(task["id"] for task in tasks if task["unit"]["id"] == self.ids[unit]))

    def close(self) -> None:
        indexing.engine_of(self.network.settings).close()
        del indexing._engines[str(self.network.settings.home / "search")]
        self.network.close()

    # --- shortcuts through a life -----------------------------------------------------------------------------

    def submitted(self, prefix: str = "", congress: str = OWN, title: str = WATER["title"]) -> str:
        id = self.do(
            f"{prefix}lead", "intake", "draft_suggestion", congress=congress, **{**WATER, "title": title}
        )["id"]
        self.do(f"{prefix}lead", "intake", "submit_suggestion", id)
        return str(id)

    def accepted(self, prefix: str = "", congress: str = OWN, title: str = WATER["title"]) -> str:
        id = self.submitted(prefix, congress, title)
        self.do(f"{prefix}liaison", "intake", "accept_suggestion", id)
        return id

    def assigned(self, prefix: str = "", congress: str = OWN) -> str:
        """Assigned, signed for by the lead unit, and with a reminder: something in every list."""
        id = self.accepted(prefix, congress)
        units = {"lead": self.ids[f"{prefix}unit"], "joint": [self.ids[f"{prefix}joint"]]}
        self.do(f"{prefix}liaison", "assignment", "assign_suggestion", id, **units)
        self.do(f"{prefix}liaison", "supervision", "remind_unit", id, text="请抓紧。")
        return id


ABOVE_AND_BELOW = [
    f"{place} {part}" for place in ("province", "county") for part in ("lead", *OFFICES, "clerk", "head")
]
STRANGERS = [*(f"neighbour {part}" for part in PARTS), *ABOVE_AND_BELOW, "operator"]
"""People for whom nothing unpublished of our city exists; the public besides, which may give no command at all."""
EVERYBODY = [*PARTS, *STRANGERS]

Data = Callable[[World], dict[str, Any]]
