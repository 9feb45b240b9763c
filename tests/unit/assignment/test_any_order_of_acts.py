"""Whatever people do to one suggestion, in whatever order: it never ends up in a state that means nothing.

Random people give random commands about random tasks, and intake and evaluation tell what they like in between.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from harness import TestNetwork, deputy, liaison, unit_clerk, unit_head
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.assignment import duty_list, stores, tables
from services.assignment.model import IN_HAND
from services.assignment.model.duties import duties_of
from shared.aggregate import new_id
from shared.problems import NotAllowed, NotFound, Problem, WrongState
from tests.unit.assignment.conftest import PLAN, REPLY, Office

ANYBODY = st.sampled_from(("office", "distributing", "neighbour", "deputy", "stranger", *(f"{who} {n}" for who in ("clerk", "head") for n in range(4))))  # fmt: skip
COMMANDS = (
    "sign_for", "ask_to_return", "adjudicate_return", "make_plan", "log_contact", "give_opinion", "draft_reply",
    "approve_reply", "reject_reply", "issue_reply", "ask_extension", "grant_extension", "refuse_extension", "change_reply_class",
    "object_to_class", "decide_objection", "agree_plan", "confirm_contact", "complete_step",
)  # fmt: skip
ABOUT = {"complete_step": ("step",), "confirm_contact": ("contact",)}
ONWARD = ("sign_for", "adjudicate_return", "give_opinion", "draft_reply", "approve_reply", "issue_reply")


class AnyOrderOfActs(RuleBasedStateMachine):
    @initialize(shape=st.sampled_from(("lead", "joint", "separate")))
    def assign(self, shape):
        self.folder = tempfile.TemporaryDirectory()
        self.network = TestNetwork(Path(self.folder.name), ("assignment",), today=date(2023, 2, 20))
        self.place = place = Office(self.network)
        self.units = (place.tax, place.hr, place.medical, place.finance)
        chosen = {
            "lead": {"lead": place.tax}, "joint": {"lead": place.tax, "joint": [place.hr, place.medical]},
            "separate": {"separate": [place.tax, place.hr]},
        }[shape]  # fmt: skip
        self.id, self.closed = place.assigned(1, **chosen), False
        self.history, self.version = [], 0

    def teardown(self):
        if hasattr(self, "network"):
            self.network.close()
            self.folder.cleanup()

    # --- acts -------------------------------------------------------------------------------------------------

    def person(self, who):
        kind, _, number = who.partition(" ")
        if kind in ("clerk", "head"):
            return (unit_clerk if kind == "clerk" else unit_head)(self.units[int(number)])
        return {
            "office": self.place.office, "distributing": self.place.distributing, "neighbour": liaison("44"),
            "deputy": deputy("代表甲", self.place.lead["id"]), "stranger": deputy("代表丁", new_id()),
        }[kind]  # fmt: skip

    def load(self):
        with self.network.runtimes["assignment"].database.reading() as connection:
            return stores.store.get(connection, self.id)

    def form(self, command, unit, yes):
        return {
            "ask_to_return": {"reason": "……"}, "adjudicate_return": {"approve": yes, "reason": "……", "unit": unit},
            "make_plan": {**PLAN, "steps": [{"what": "调研", "due_on": "2023-03-20"}] if yes else []},
            "log_contact": {"phase": "during", "method": "visit", "on": "2023-02-20", "notes": "……", "deputies": [self.place.lead["id"]]},
            "agree_plan": {"agrees": yes, "note": "……"},
            "give_opinion": {"text": "……"}, "draft_reply": {**REPLY, "without_opinions": "……" if yes else ""},
            "reject_reply": {"reason": "……"}, "issue_reply": {"document_number": "一号"}, "ask_extension": {"reason": "……"},
            "refuse_extension": {"reason": "……"}, "change_reply_class": {"reply_class": "C", "reason": "……"},
            "object_to_class": {"reason": "……"}, "decide_objection": {"uphold": yes, "reason": "……"},
        }.get(command, {})  # fmt: skip

    def attempt(self, who, command, task, form):
        """Do it; whether it is refused must agree with what the person was told that they may do."""
        before, person = self.load(), self.person(who)
        offered = {(line["command"], line["task"]): line for line in before.may(person)}
        about = offered.get((command, task), {})
        form = form | {name: about.get(name, new_id()) for name in ABOUT.get(command, ())}
        try:
            self.place.do(person, command, self.id, task=task, **form)
            refusal = None
        except Problem as problem:
            refusal = problem
        assert isinstance(refusal, (NotAllowed, NotFound, WrongState)) == ((command, task) not in offered), (
            refusal
        )
        if refusal is not None:
            assert self.load() == before, "a refused command changed something"
        if isinstance(refusal, WrongState):
            assert "现在" in refusal.detail

    @rule(
        who=ANYBODY,
        command=st.sampled_from(COMMANDS),
        index=st.integers(0, 5),
        unit=st.integers(-1, 3),
        yes=st.booleans(),
    )
    def anybody_does_anything(self, who, command, index, unit, yes):
        tasks = self.load().tasks
        form = self.form(command, self.units[unit] if unit >= 0 else "", yes)
        self.attempt(who, command, tasks[index % len(tasks)].id, form)

    @rule(data=st.data(), steps=st.integers(1, 8), onward=st.booleans())
    def somebody_does_what_is_possible(self, data, steps, onward):
        """Without this, random acts would seldom get as far as a reply; `onward` leaves the detours out."""
        everybody = ("office", "deputy", *(f"{who} {n}" for who in ("clerk", "head") for n in range(4)))
        for _ in range(steps):
            handling = self.load()
            offers = [(who, line) for who in everybody for line in handling.may(self.person(who))]
            offers = [offer for offer in offers if not onward or offer[1]["command"] in ONWARD]
            if not offers:
                return
            who, line = data.draw(st.sampled_from(offers))
            unit = data.draw(st.sampled_from(("", *self.units)))
            self.attempt(who, line["command"], line["task"], self.form(line["command"], unit, True))

    @rule(offset=st.sampled_from((0, 0, 0, -1, 1)))
    def rehandling_is_ordered(self, offset):
        """Of every task, replied to or not; sometimes of an earlier round, or of one that never was."""
        for task in self.load().tasks:
            data = {
                "reply": new_id(),
                "task": task.id,
                "unit": task.unit.as_data(),
                "round": task.round + offset,
                "reason": "……",
            }
            self.network.tell("rehandling.ordered.v1", self.id, **data, ordered_on="2023-02-20")

    @rule()
    def replies_are_sent_back(self):
        """All that were ever issued, also those that are long past."""
        for task in self.load().tasks:
            for reply in task.replies:
                data = {"task": task.id, "unit": task.unit.as_data(), "role": task.role, "round": reply.round}
                dates = {"refused_on": "2023-02-20", "due_on": "2023-03-20"}
                self.network.tell("reply.refused.v1", self.id, **data, reply=reply.id, reason="……", **dates)

    @precondition(lambda self: self.load().state == "replied")
    @rule()
    def it_is_closed(self):
        self.network.tell("suggestion.closed.v1", self.id, closed_on="2023-02-20", reply_class="A", note="")

    @rule()
    def another_is_merged_into_it(self):
        deputies = [{"id": new_id(), "name": "代表戊"}]
        data = {"into": self.id, "into_number": "", "deputies": deputies, "reason": ""}
        self.network.tell("suggestion.merged.v1", new_id(), **data)

    @rule()
    def its_acceptance_is_told_again(self):
        self.place.accepted(1, id=self.id)

    @precondition(lambda self: self.load().state in ("replied", "closed"))
    @rule()
    def it_is_merged_itself(self):
        data = {"into": new_id(), "into_number": "", "deputies": [self.place.lead], "reason": ""}
        self.network.tell("suggestion.merged.v1", self.id, **data)

    # --- what always holds ------------------------------------------------------------------------------------

    @invariant()
    def the_tasks_make_sense(self):
        if not hasattr(self, "network"):
            return
        handling = self.load()
        live = handling.live_tasks
        roles = [task.role for task in live]
        assert roles.count("lead") <= 1
        assert not ("lead" in roles and "separate" in roles)
        if handling.state in IN_HAND:
            assert any(task.replies_itself for task in live), "nobody has to reply"
        assert len({task.unit.id for task in live}) == len(live)
        assert all(task.unit.id and task.unit.name for task in handling.tasks)
        for task in handling.tasks:
            rounds = [reply.round for reply in task.replies if reply.sent_back is None]
            assert rounds == list(range(1, task.round + (task.state == "replied"))) or not task.is_live
            if task.state in ("drafted", "approved"):
                assert task.drafts[-1].round == task.round
                assert bool(task.drafts[-1].approved_on) == (task.state == "approved")
            assert (task.state == "return_asked") == bool(
                task.returns and not task.returns[-1].decision
            ) or not task.is_live
            assert task.role == "joint" or not task.opinions

    @invariant()
    def the_state_follows_from_the_tasks(self):
        if not hasattr(self, "network"):
            return
        handling = self.load()
        stored = handling.state
        handling.restate()
        assert handling.state == stored
        people = ("office", *(f"{who} {n}" for who in ("clerk", "head") for n in range(4)))
        if not any(handling.may(self.person(who)) for who in people):
            assert stored in ("merged", "closed")

    @invariant()
    def nothing_of_the_past_is_lost(self):
        if not hasattr(self, "network"):
            return
        handling = self.load()
        assert handling.history[: len(self.history)] == self.history
        assert handling.version >= self.version
        self.history, self.version = handling.history, handling.version
        assert handling.sequence == len(self.network.published("assignment", self.id))

    @invariant()
    def the_rows_of_the_tasks_are_in_step(self):
        if not hasattr(self, "network"):
            return
        handling, t = self.load(), tables.tasks.c
        with self.network.runtimes["assignment"].database.reading() as connection:
            rows = connection.execute(
                sa.select(t.id, t.state, t.round, t.handled).where(t.suggestion == self.id)
            ).all()
        assert {tuple(row) for row in rows} == {
            (k.id, k.state, k.round, handling.state) for k in handling.tasks
        }

    @invariant()
    def the_list_of_duties_is_in_step(self):
        """Whoever reads in the list that something is to be done may do it now."""
        if not hasattr(self, "network"):
            return
        handling = self.load()
        with self.network.runtimes["assignment"].database.reading() as connection:
            rows = list(
                connection.execute(
                    sa.select(tables.duties).where(tables.duties.c.suggestion == self.id)
                ).mappings()
            )
        found, wanted = (
            [dict(row) for row in rows],
            [duty_list.row_of(handling, duty) for duty in duties_of(handling)],
        )
        assert len(found) == len(wanted) and all(row in wanted for row in found)
        possible = {(rule.command, task.id) for task in handling.tasks for rule in task.possible()}
        assert {(row["command"], row["task"]) for row in rows} <= possible


TestAnyOrderOfActs = pytest.mark.timeout(300)(AnyOrderOfActs.TestCase)
TestAnyOrderOfActs.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
