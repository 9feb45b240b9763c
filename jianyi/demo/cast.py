"""The people and units of the demo: Hunan's congresses, and at six of them deputies, offices, units and accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jianyi.demo import content
from jianyi.hunan import hunan_divisions
from jianyi.insider import Insider
from shared.contracts import directory as d
from shared.identity import SYSTEM, Actor, Role

PASSWORD = "jianyi-demo"  # of all demo accounts; they exist in embedded mode only

CONGRESSES = tuple(content.units())
SHORT = {
    "43": "hunan",
    "43.01": "changsha",
    "43.01.81": "liuyang",
}  # in logins; towns are called by their code
TERMS = {"43": 14, "43.01": 16, "43.01.81": 18}  # 届; towns: 19


@dataclass
class Stage:
    """One congress of the demo: ids by name, filled in as they are registered."""

    path: str
    units: dict[str, str] = field(default_factory=dict)  # name → id
    deputies: dict[str, str] = field(default_factory=dict)  # name → seat
    people: dict[str, Any] = field(default_factory=dict)  # supervisors, sponsors, committees

    @property
    def login(self) -> str:
        """How this congress is called in logins."""
        return SHORT.get(self.path, "town" + self.path[-3:])

    def deputy(self, name: str) -> Actor:
        return Actor(
            f"demo-deputy-{self.deputies[name]}", name, (Role("deputy", self.path, seat=self.deputies[name]),)
        )

    def liaison(self) -> Actor:
        return Actor(f"demo-liaison-{self.path}", "联工委甲", (Role("liaison", self.path),))

    def clerk(self, unit: str) -> Actor:
        id = self.units[unit]
        return Actor(f"demo-clerk-{id}", "经办人甲", (Role("handler", self.path, unit=id),))

    def head(self, unit: str) -> Actor:
        id = self.units[unit]
        return Actor(f"demo-head-{id}", "负责人甲", (Role("unit_head", self.path, unit=id),))


# One of each party that supervises: {people, login, what they are, role}.
SUPERVISING = (
    ("supervisors", "leader", "常委会领导", "standing_leader"), ("sponsors", "sponsor", "政府领导", "government_leader"),
    ("committees", "committee", "专门委员会", "committee"),
)  # fmt: skip


def register_hunan(insider: Insider) -> int:
    """Register all divisions and congresses. Returns how many were new."""
    answer = insider.do(
        SYSTEM, d.REGISTER_DIVISIONS, data={"divisions": hunan_divisions()}, key="demo-divisions"
    )
    return int(answer["added"])


def session_dates(path: str, year: int) -> tuple[date, date]:
    """When the year's session is held: the higher the level, the later in January."""
    opens = {"43": 22, "43.01": 14, "43.01.81": 8}.get(path, 4)
    return date(year, 1, opens), date(year, 1, opens + (5 if path in SHORT else 1))


def raise_stage(insider: Insider, path: str, year: int, units: dict[str, str] | None = None) -> Stage:
    """Register one congress's session, delegations, deputies and units. Again: finds what is there.

    `units`: ids by key of those registered so far, of the congresses above too; is filled in.
    """
    stage = Stage(path, people=content.people()[path])
    opens, closes = session_dates(path, year)
    data = {"congress": path, "term": TERMS.get(path, 19), "ordinal": year - 2022, "opens_on": opens.isoformat(), "closes_on": closes.isoformat()}  # fmt: skip
    insider.do(SYSTEM, d.OPEN_SESSION, data=data, key=f"demo-session-{path}")
    delegations = {}
    for name in stage.people["delegations"]:
        answer = insider.do(
            SYSTEM,
            d.REGISTER_DELEGATION,
            data={"congress": path, "name": name},
            key=f"demo-delegation-{path}-{name}",
        )
        delegations[name] = answer["id"]
    for person in stage.people["deputies"]:
        data = {"congress": path, "name": person["name"], "delegation": delegations[person["delegation"]]}
        stage.deputies[person["name"]] = insider.do(
            SYSTEM, d.REGISTER_DEPUTY, data=data, key=f"demo-{person['key']}"
        )["id"]
    by_key = {} if units is None else units
    for unit in content.units()[path]:
        data = {
            "congress": path, "name": unit["name"], "short": unit["short"], "kind": unit["kind"],
            "parent": by_key.get(unit["parent"] or "", ""),
        }  # fmt: skip
        by_key[unit["key"]] = insider.do(SYSTEM, d.REGISTER_UNIT, data=data, key=f"demo-unit-{unit['key']}")[
            "id"
        ]
        stage.units[unit["name"]] = by_key[unit["key"]]
    return stage


def accounts_of(stage: Stage) -> list[dict[str, Any]]:
    """The accounts to sign in with at one congress: login, name, what the person is, and the roles."""
    path, short = stage.path, stage.login
    accounts = [
        {
            "login": f"{short}-liaison",
            "name": "联工委甲",
            "what": "联工委",
            "roles": [{"role": "liaison", "congress": path}],
        }
    ]
    for index, name in enumerate(list(stage.deputies)[:4], 1):
        roles = [{"role": "deputy", "congress": path, "seat": stage.deputies[name]}]
        accounts.append({"login": f"{short}-deputy{index}", "name": name, "what": "人大代表", "roles": roles})
    kinds = {unit["name"]: unit["kind"] for unit in content.units()[path]}
    for name, id in stage.units.items():
        if kinds[name] == "distributing":
            roles = [{"role": role, "congress": path, "unit": id} for role in ("distributing", "unit_head")]
            accounts.append({"login": f"{short}-office", "name": "交办员甲", "what": name, "roles": roles})
            break
    handling = [s["lead_unit"] for s in content.suggestions() if s["congress"] == path]
    for index, name in enumerate(dict.fromkeys(handling), 1):
        if index > 3:
            break
        unit = {"congress": path, "unit": stage.units[name]}
        accounts.append(
            {
                "login": f"{short}-clerk{index}",
                "name": "经办人甲",
                "what": f"{name} 经办人",
                "roles": [{"role": "handler", **unit}],
            }
        )
        accounts.append(
            {
                "login": f"{short}-head{index}",
                "name": "负责人甲",
                "what": f"{name} 负责人",
                "roles": [{"role": "unit_head", **unit}],
            }
        )
    for group, login, what, role in SUPERVISING:
        accounts += [
            {"login": f"{short}-{login}1", "name": person["name"], "what": what, "roles": [{"role": role, "congress": path}]}
            for person in stage.people[group][:1]
        ]  # fmt: skip
    return accounts


def open_accounts(insider: Insider, accounts: list[dict[str, Any]]) -> None:
    """Open these accounts, all with the demo password. Again: finds them there."""
    for account in accounts:
        data = {
            "login": account["login"],
            "name": account["name"],
            "password": PASSWORD,
            "roles": account["roles"],
        }
        is_deputy = any(role.get("seat") for role in account["roles"])
        if is_deputy:
            data["password"] = f"{PASSWORD}-handed-out"
        opened = insider.do(SYSTEM, d.ADD_ACCOUNT, data=data, key=f"demo-account-{account['login']}")
        for told in opened.get("codes", ()):
            claim = {"code": told["code"], "password": PASSWORD}
            person = Actor(opened["id"], account["name"])
            insider.do(person, d.CLAIM_SEAT, opened["id"], claim, key=f"demo-claim-{account['login']}")


OPERATOR = {"login": "operator", "name": "运维甲", "what": "运维人员", "roles": [{"role": "operator"}]}
