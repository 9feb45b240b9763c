"""背靠背：a life that is lived three times alike, but that its deputies are silent, satisfied or not. Who handles it asks
everything there is to ask, tries everything, and reads every event that a unit's own system may have: nothing differs.

Ids are new in every life, and left out of the comparison, as is the order of what is only sorted by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from cities import GOVERNMENT, OWN, PROVINCE, WATER, World
from test_who_learns_what import MATRIX, REPLY

from shared.catching_up import events_after
from shared.identity import Actor, Role

REPLIED, LAST_DAY, CLOSED = date(2023, 4, 3), date(2023, 4, 13), date(2023, 4, 20)
UNIT = ("clerk", "head", "joint clerk")
# Who oversees and does not hear it either: the government's leaders, the office that distributes, who runs the network.
NOT_HEARING = (GOVERNMENT, "distributing", "operator")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SYSTEMS = {
    "who runs the network": (Role("operator", ""),),
    "the unit's own system": (Role("integrator", OWN),),
    "the congress's system": (Role("integrator", OWN), Role("judgements", OWN)),
}
TRIED = {
    "order_rehandling": {"reason": "请补充。"}, "close_suggestion": {}, "publish_suggestion": {},
    "give_feedback": {"process": "satisfied", "result": "satisfied"},
}  # fmt: skip


class Ids(dict[str, str]):
    """What questions ask for that this life has not brought about is nowhere."""

    def __missing__(self, name: str) -> str:
        return "0190a1b2-0000-7000-8000-000000000001"


class Told:
    """What each person was told at each moment of one life."""

    def __init__(self, home: Path, judgement: str) -> None:
        self.judgement = judgement
        self.answers: dict[tuple[str, str, str], str] = {}
        world = World(home)
        world.ids = Ids(world.ids)
        try:
            for moment in self._live(world):
                self._ask(world, moment)
        finally:
            world.close()

    def _live(self, w: World) -> Iterator[str]:
        """Up to the reply; then deputies judge, or not; at last it is closed and a month has gone."""
        w.ids["batch"] = w.do(
            "liaison", "assignment", "draw_up_batch", congress=OWN, name="交办会", meeting_on="2023-02-20"
        )["id"]
        made = w.do("lead", "intake", "draft_suggestion", congress=OWN, **WATER)["id"]
        w.ids["suggestion"] = made
        w.do("lead", "intake", "invite_cosigners", made, deputies=[w.ids["cosigner"], w.ids["invited"]])
        for who in ("cosigner", "invited"):
            w.do(who, "intake", "accept_cosigning", made)
        w.do("lead", "intake", "submit_suggestion", made)
        w.do("liaison", "intake", "accept_suggestion", made)
        units = {"lead": w.ids["unit"], "joint": [w.ids["joint"]]}
        w.do("liaison", "assignment", "assign_suggestion", made, **units)
        mine = {"task": w.task(made, "unit")}
        w.do("clerk", "assignment", "sign_for", made, **mine)
        w.network.on(REPLIED)
        w.do("clerk", "assignment", "draft_reply", made, **mine, **REPLY)
        w.do("head", "assignment", "approve_reply", made, **mine)
        self.reply = w.do(
            "clerk", "assignment", "issue_reply", made, **mine, document_number="某水函〔2023〕1号"
        )["reply"]
        yield "replied"
        w.network.on(REPLIED + timedelta(days=2))
        self._judge(w, "lead")
        yield "one has judged"
        for who in ("cosigner", "invited"):
            self._judge(w, who)
        w.network.on(REPLIED + timedelta(days=4))
        w.network.do(SYSTEM_TICK, "supervision", "tick")
        yield "all have judged"
        w.network.on(LAST_DAY + timedelta(days=1))
        w.network.do(SYSTEM_TICK, "supervision", "tick")
        yield "the time for feedback is over"
        if self.judgement == "unsatisfied":
            return
        w.network.on(CLOSED)
        w.do("liaison", "evaluation", "close_suggestion", made)
        w.network.on(CLOSED + timedelta(days=30))
        yield "closed"

    def _judge(self, w: World, who: str) -> None:
        if self.judgement:
            judged = {
                "process": self.judgement,
                "result": self.judgement,
                "result_comment": f"{self.judgement}。",
            }
            w.do(who, "evaluation", "give_feedback", w.ids["suggestion"], reply=self.reply, **judged)

    def _ask(self, w: World, moment: str) -> None:
        for number, row in enumerate(MATRIX):
            for who in (*UNIT, *NOT_HEARING, "liaison"):
                answer = w.answer(who, row.service, row.query, row.params(w))
                self._keep(moment, who, f"{row.query}#{number}", answer)
        for who in UNIT:
            for command, data in TRIED.items():
                about = {"reply": self.reply} if command in ("give_feedback", "order_rehandling") else {}
                refusal = w.refusal(who, "evaluation", command, w.ids["suggestion"], {**data, **about})
                assert refusal, f"{who} may {command}"
                self._keep(moment, who, command, refusal)
        for name, roles in SYSTEMS.items():
            self._keep(moment, name, "events", self._heard(w, roles))

    def _heard(self, w: World, roles: tuple[Role, ...]) -> list[Any]:
        token = w.network.token(Actor("system-of-a-unit", "某局办公系统", roles))
        heard = []
        for runtime in w.network.runtimes.values():
            entries = events_after(runtime, token, 0, {}, 500)["entries"]
            heard += [
                (entry["event"]["type"], entry["event"]["subject"], entry["event"]["data"])
                for entry in entries
            ]
        return sorted(heard, key=lambda event: ID.sub("#", repr(event)))

    def _keep(self, moment: str, who: str, what: str, answer: Any) -> None:
        if "deadlines" in answer and what.startswith("ledger_line"):
            answer["deadlines"] = sorted(
                answer["deadlines"], key=lambda d: (d["due_on"], d["kind"], repr(d["unit"]))
            )
        self.answers[moment, who, what] = ID.sub("#", orjson.dumps(answer, default=str).decode())


SYSTEM_TICK = Actor("system", "系统", (Role("system", ""),))


@pytest.fixture(scope="module")
def told(tmp_path_factory: Any) -> dict[str, Told]:
    return {j: Told(tmp_path_factory.mktemp(j or "silent"), j) for j in ("", "satisfied", "unsatisfied")}


def differing(told: dict[str, Told], one: str, other: str, *who: str, closed: bool = False) -> set[str]:
    """Which questions were answered to these people in another way in one life than in the other."""
    asked = told[one].answers.keys() & told[other].answers.keys()
    return {
        f"{moment}: {person} asked {what}"
        for moment, person, what in asked
        if person in who and (moment == "closed") == closed
        and told[one].answers[moment, person, what] != told[other].answers[moment, person, what]
    }  # fmt: skip


@pytest.mark.parametrize("other", ["satisfied", "unsatisfied"])
def test_until_it_is_closed_nothing_tells_a_unit_whether_and_how_deputies_judged(told, other):
    assert differing(told, "", other, *UNIT) == set()


@pytest.mark.parametrize("other", ["satisfied", "unsatisfied"])
def test_nor_who_oversees_the_units_and_belongs_to_the_government_or_runs_the_network(told, other):
    assert differing(told, "", other, *NOT_HEARING) == set()


@pytest.mark.parametrize("other", ["satisfied", "unsatisfied"])
def test_nor_does_an_event_that_the_units_own_system_may_have(told, other):
    assert differing(told, "", other, "the unit's own system", "who runs the network") == set()


def test_the_congress_learns_all_of_it_at_once(told):
    found = differing(told, "satisfied", "unsatisfied", "liaison", "the congress's system")
    for question in ("evaluation#", "figures#", "ledger#", "ledger_line#", "evaluation_waiting#", "events"):
        assert any(f"one has judged: {who} asked {question}" in line for line in found for who in ("liaison", "the congress's system")), question  # fmt: skip


def test_when_it_is_closed_its_units_learn_it(told):
    found = differing(told, "", "satisfied", *UNIT, closed=True)
    assert {line.rpartition(" ")[2].partition("#")[0] for line in found} >= {
        "evaluation",
        "ledger_line",
        "ledger",
        "figures",
    }


def test_the_life_is_long_enough_to_prove_something(told):
    assert PROVINCE and {moment for moment, _, _ in told["satisfied"].answers} == {
        "replied", "one has judged", "all have judged", "the time for feedback is over", "closed",
    }  # fmt: skip
