"""Who may do what in which state: one table in each model, read by the refusals, the pages and the tests alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.problems import NotAllowed, NotFound, WrongState

# How a person stands to a thing, in the words of the refusals.
RELATION_LABELS = {
    "deputy": "本级人大代表",
    "lead_deputy": "领衔代表",
    "cosigner": "附议代表",
    "invited": "被邀请附议的代表",
    "delegation_head": "代表团团长",
    "answered_deputy": "收到答复的代表",
    "guest": "被邀请参加督办的代表",
    "invited_deputy": "受邀评议的代表",
    "liaison": "联工委",
    "office_above": "上级人大联工委",
    "distributing": "交办单位",
    "lead_unit": "主办单位",
    "joint_unit": "会办单位",
    "unit": "承办单位",
    "section_head": "处室负责人",
    "deputy_head": "承办单位分管负责人",
    "unit_head": "承办单位负责人",
    "part_unit": "承办单位",
    "distributing_unit": "交办单位",
    "office": "考核的交办单位",
    "system_office": "交办单位",
    "consulted": "被征求意见的单位",
    "chain": "归口管理链条上的单位",
    "supervisor": "督办领导",
    "standing_leader": "常委会领导",
    "government_leader": "政府领导",
    "committee": "专门委员会",
    "station": "代表联络站",
    "station_deputy": "编入联络站的代表",
    "own_deputy": "代表本人",
    "integrator": "对接系统",
    "self": "本人",
    "operator": "运维人员",
    "system": "系统",
    "public": "公众",
}


@dataclass(frozen=True)
class Rule:
    """One line of the table: people with one of the relations `by` may do `label` in one of the states `when`."""

    command: str
    label: str
    by: tuple[str, ...]
    when: tuple[str, ...]


class Rules:
    """The table of one kind of thing. `noun` and `states` are how it and its states are called in Chinese."""

    def __init__(self, noun: str, states: Mapping[str, str], rules: Iterable[Rule]) -> None:
        self.noun = noun
        self.states = dict(states)
        self.by_command = {rule.command: rule for rule in rules}

    def check(self, command: str, state: str, relations: frozenset[str], name: str = "") -> None:
        """Return if the command may be given; raise otherwise.

        NotFound for a person who has nothing to do with the thing (it does not exist for them), NotAllowed for
        one who may see it but not do this, WrongState with what is possible now and for whom.
        """
        rule = self.by_command[command]
        if not relations:
            raise NotFound(f"没有找到这{self.noun}。")
        if not relations & set(rule.by):
            raise NotAllowed(f"只有{_people(rule.by)}可以{rule.label}。")
        if state not in rule.when:
            raise WrongState(
                f"{name or '这' + self.noun}现在是“{self.states[state]}”，不能{rule.label}。{self.possible(state)}"
            )

    def allowed(self, state: str, relations: frozenset[str]) -> list[Rule]:
        """What these relations may do now, in the table's order."""
        return [r for r in self.by_command.values() if state in r.when and relations & set(r.by)]

    def is_allowed(self, command: str, state: str, relations: frozenset[str]) -> bool:
        """May these relations do this now?"""
        return self.by_command[command] in self.allowed(state, relations)

    def possible(self, state: str) -> str:
        """The sentence that says what is possible in a state, and for whom."""
        now = [
            f"{rule.label}（{_people(rule.by)}）" for rule in self.by_command.values() if state in rule.when
        ]
        return f"现在可以：{'、'.join(now)}。" if now else "现在没有可以办理的事项。"


def _people(relations: Iterable[str]) -> str:
    """For people: that the system may do it, too, helps nobody who may not."""
    named = [RELATION_LABELS[relation] for relation in relations if relation != "system"]
    return "、".join(dict.fromkeys(named)) or RELATION_LABELS["system"]
