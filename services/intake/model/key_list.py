"""The list of key suggestions (重点处理建议): drawn up line by line, decided by the chairpersons' meeting all at once.

Source: 重点处理建议由主任会议研究确定，主任会议成员牵头督办，政府领导领办，专门委员会对口督办 (Hunan 2023).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from services.intake.model.parts import KeyMark
from services.intake.model.suggestion import Suggestion
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

KEY_LIST_STATES = {"new": "尚未拟定", "drawn": "拟定中", "decided": "主任会议已确定", "discarded": "已撤销"}

KEY_LIST_RULES = Rules(
    "份重点建议名单",
    KEY_LIST_STATES,
    [
        Rule("draw_up_key_list", "拟定重点建议名单", ("liaison",), ("new",)),
        Rule("put_in_key_list", "列入名单", ("liaison",), ("drawn",)),
        Rule("take_out_of_key_list", "移出名单", ("liaison",), ("drawn",)),
        Rule("move_key_list", "更改主任会议日期", ("liaison",), ("drawn",)),
        Rule("discard_key_list", "撤销名单", ("liaison",), ("drawn",)),
        Rule("decide_key_list", "登记主任会议决定", ("liaison",), ("drawn",)),
    ],
)


@dataclass
class KeyLine:
    """One suggestion of the list: its theme, who leads its supervision, who sponsors it, which committee supervises."""

    suggestion: str
    theme: str
    leading_supervisor: str
    sponsor: str
    committee: str
    leading_supervisor_id: str = ""
    sponsor_id: str = ""
    committee_id: str = ""

    def mark(self, decided_on: date) -> KeyMark:
        said = {name: value for name, value in vars(self).items() if name != "suggestion"}
        return KeyMark(decided_on=decided_on, **said)

    def missing(self) -> list[str]:
        """Who is still to be named: nobody may be forgotten (全覆盖)."""
        roles = {
            "牵头督办领导": self.leading_supervisor,
            "领办政府领导": self.sponsor,
            "对口督办专委会": self.committee,
        }
        return [role for role, name in roles.items() if not name]


@dataclass(kw_only=True)
class KeyList(Governed):
    """The key suggestions of a year, as they are put before the chairpersons' meeting (主任会议)."""

    rules: ClassVar[Rules] = KEY_LIST_RULES

    state: str = "drawn"
    name: str
    meeting_on: date
    themes: list[str] = field(default_factory=list)
    lines: list[KeyLine] = field(default_factory=list)
    decided_on: date | None = None
    note: str = ""

    def relations(self, actor: Actor) -> frozenset[str]:
        found = {role for role in ("liaison", *SUPERVISORS_OF_THE_CONGRESS) if actor.has(role, self.congress)}
        return frozenset(found | ({"system"} if actor.has("system") else set()))

    def called(self) -> str:
        return f"名单“{self.name}”"

    @classmethod
    def draw_up(cls, congress: str, name: str, meeting_on: date, themes: list[str], by: Actor, now: datetime) -> KeyList:  # fmt: skip
        """A new list without lines. Without themes of its own each line names one freely."""
        drawn = cls(id=new_id(), congress=congress, name=name, meeting_on=meeting_on, themes=themes)
        drawn.record("keylist.drawn", now, by, name=name, meeting_on=meeting_on.isoformat(), themes=themes)
        return drawn

    def move(self, meeting_on: date, reason: str, by: Actor, now: datetime) -> None:
        """The chairpersons' meeting takes it up on another day."""
        if meeting_on == self.meeting_on:
            sentence = f"主任会议本来就在{meeting_on}。"
            raise Invalid(sentence, {"meeting_on": [sentence]})
        before, self.meeting_on = self.meeting_on, meeting_on
        self.record(
            "keylist.moved", now, by, name=self.name, meeting_on=meeting_on.isoformat(), before=before.isoformat(), reason=reason,
        )  # fmt: skip

    def discard(self, reason: str, by: Actor, now: datetime) -> None:
        """It is not put before the meeting; the candidates stay candidates."""
        self.state, self.note = "discarded", reason
        self.record("keylist.discarded", now, by, name=self.name, reason=reason)

    def put_in(self, suggestion: Suggestion, line: KeyLine, by: Actor, now: datetime) -> None:
        """Put a suggestion in, or change what its line says. Who is not named yet may follow before the decision."""
        if against := suggestion.against_key():
            raise Invalid(against, {"suggestion": [against]})
        if self.themes and line.theme not in self.themes:
            raise Invalid("没有这个主题。", {"theme": [f"请从名单的主题中选择：{'、'.join(self.themes)}。"]})
        known = next((number for number, old in enumerate(self.lines) if old.suggestion == line.suggestion), None)  # fmt: skip
        if known is None:
            self.lines.append(line)
        else:
            self.lines[known] = line
        self.record("keylist.listed", now, by, name=self.name, **vars(line))

    def take_out(self, suggestion: str, by: Actor, now: datetime) -> None:
        before = len(self.lines)
        self.lines = [line for line in self.lines if line.suggestion != suggestion]
        if len(self.lines) == before:
            raise Invalid("这件建议不在名单里。", {"suggestion": ["这件建议不在名单里。"]})
        self.record("keylist.unlisted", now, by, name=self.name, suggestion=suggestion)

    def objections(self, line: KeyLine, suggestion: Suggestion | None) -> list[str]:
        """What stands against deciding on this line."""
        if suggestion is None:
            return ["没有找到这件建议。"]
        against = suggestion.against_key()
        found = [against] if against else []
        if missing := line.missing():
            found.append(f"还没有定{'、'.join(missing)}。")
        return found

    def decide(self, suggestions: Mapping[str, Suggestion], note: str, by: Actor, now: datetime) -> None:
        """The meeting has decided: every line becomes a key suggestion, or none, with all that stands against it."""
        if not self.lines:
            raise Invalid("名单里还没有建议。", {"lines": ["请先列入建议。"]})
        if self.meeting_on > legal_date(now):
            raise Invalid(
                f"主任会议定在{self.meeting_on}，还没有召开。", {"meeting_on": ["会议还没有召开。"]}
            )
        against = []
        for line in self.lines:
            suggestion = suggestions.get(line.suggestion)
            name = f"{suggestion.number}{suggestion.called()}" if suggestion else line.suggestion
            against += [f"{name}：{objection}" for objection in self.objections(line, suggestion)]
        if against:
            raise Invalid(
                f"名单有{len(against)}处问题，解决之后才能确定：{''.join(against[:20])}", {"lines": against}
            )
        for line in self.lines:
            suggestions[line.suggestion].make_key(line.mark(self.meeting_on), by, now)
        self.state, self.decided_on, self.note = "decided", legal_date(now), note
        self.record(
            "keylist.decided", now, by, name=self.name, meeting_on=self.meeting_on.isoformat(), note=note,
            suggestions=[line.suggestion for line in self.lines],
        )  # fmt: skip
