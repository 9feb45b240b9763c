"""What deputies and units work by (资料): courseware, templates, handbooks, flow charts, rules.

A congress's office publishes for its deputies and units, and for those of the congresses below; a unit for its own people
and those of the units below. What is withdrawn stays on file with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from shared.aggregate import Governed
from shared.clock import legal_date
from shared.identity import Actor
from shared.practices import congresses_above
from shared.problems import Invalid
from shared.rules import Rule, Rules

OFFICES = ("liaison", "operator", "system")
PARTS = ("situation", "analysis", "proposals")
FOR_DEPUTIES = ("deputies", "everybody")

MATERIAL_RULES = Rules(
    "份资料",
    {"new": "尚未发布", "published": "已发布", "withdrawn": "已撤回"},
    [
        Rule("publish_material", "发布资料", (*OFFICES, "unit"), ("new",)),
        Rule("withdraw_material", "撤回资料", (*OFFICES, "unit"), ("published",)),
    ],
)

_LINK = re.compile(r"https://[^\s/@]+\.[^\s/@]+(/\S*)?", re.ASCII)


@dataclass(kw_only=True)
class Material(Governed):
    """One piece of reading matter; a template has the three parts of a suggestion instead of a text."""

    rules: ClassVar[Rules] = MATERIAL_RULES

    kind: str
    title: str
    readers: str = "everybody"
    unit: str = ""  # whose own it is; empty for the congress's
    unit_name: str = ""
    text: str = ""
    link: str = ""
    situation: str = ""
    analysis: str = ""
    proposals: str = ""
    category: str = ""  # the field of suggestions that it is for; empty for all
    findings: list[str] = field(default_factory=list)  # what is found in a text and this helps to mend
    state: str = "new"
    published_on: date | None = None
    published_by: str = ""
    withdrawn_on: date | None = None
    withdrawn_because: str = ""

    # --- who is who -------------------------------------------------------------------------------------------

    def relations(self, actor: Actor) -> frozenset[str]:
        """Who publishes it: the congress's office, of a unit's own the unit's people."""
        if self.unit:
            return frozenset(
                {"unit"} if self.unit in actor.units("handler", "unit_head", "distributing") else ()
            )
        found = {role for role in ("operator", "system") if actor.has(role)}
        if actor.has("liaison", self.congress):
            found.add("liaison")
        return frozenset(found)

    def is_read_by(self, actor: Actor, units: Collection[str]) -> bool:
        """May the person read it? `units`: those of the person and the units above them."""
        if self.relations(actor):
            return True
        if self.state != "published":
            return False
        return self.unit in units if self.unit else any(self._is_for(role) for role in actor.roles)

    def _is_for(self, role: Any) -> bool:
        """Offices read what is for the people whom they advise; what is above is inherited."""
        if self.congress not in congresses_above(role.congress or self.congress):
            return False
        readers = {"deputies": ("deputy", "station"), "units": ("handler", "unit_head", "distributing")}
        return self.readers == "everybody" or role.acts_as(*readers[self.readers], *OFFICES)

    def called(self) -> str:
        return f"《{self.title}》"

    # --- what happens to it -----------------------------------------------------------------------------------

    def publish(self, by: Actor, now: datetime) -> None:
        """Raises Invalid beside the field for what nobody could use."""
        self._require_use()
        self.state, self.published_on, self.published_by = "published", legal_date(now), by.name
        self.record(
            "material.published", now, by, title=self.title, kind=self.kind, readers=self.readers, unit=self.unit,
            unit_name=self.unit_name, link=self.link, category=self.category, findings=self.findings,
        )  # fmt: skip

    def withdraw(self, reason: str, by: Actor, now: datetime) -> None:
        """Nobody is shown it any more; who published it still finds it, with the reason."""
        self.state, self.withdrawn_on, self.withdrawn_because = "withdrawn", legal_date(now), reason
        self.record("material.withdrawn", now, by, title=self.title, unit=self.unit, reason=reason)

    def _require_use(self) -> None:
        errors: dict[str, list[str]] = {}
        if self.link and not _LINK.fullmatch(self.link):
            errors["link"] = ["链接应当以 https:// 开头，例如 https://www.example.gov.cn/handbook.pdf。"]
        if self.kind == "template":
            errors |= {part: ["模板的三个部分都要填写。"] for part in PARTS if not getattr(self, part)}
            if self.unit or self.readers not in FOR_DEPUTIES:
                errors["kind"] = ["建议模板是给代表写建议用的，由联工委发布给代表。"]
        elif not self.text and not self.link:
            errors["text"] = ["请填写正文，或者填写链接。"]
        if self.findings and (self.unit or self.readers not in FOR_DEPUTIES):
            errors["findings"] = ["写作提示是给代表看的：请选择发给代表，或者不选提示。"]
        if errors:
            raise Invalid("这份资料还不能发布，请按提示修改。", errors)
