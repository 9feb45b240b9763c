"""Whatever is handed on to whom in whatever tree of units: somebody answers for each part, and nobody outside sees it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.assignment.model import Allotment, Handling, Person, Unit
from shared.clock import at
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

CONGRESS, DAY = "43", date(2023, 2, 20)
LIAISON = Actor("liaison", "联工委甲", (Role("liaison", CONGRESS),))
ONWARD = ("sign_for", "distribute_task", "hand_in_part", "ask_to_return", "adjudicate_return")
REFUSED = (Invalid, NotAllowed, NotFound, WrongState)


class AnyTree(RuleBasedStateMachine):
    """Units 0 … n, each below an earlier one; those with units below them have an office of their own."""

    @initialize(parents=st.lists(st.integers(0, 100), min_size=3, max_size=9), joint=st.booleans())
    def assign(self, parents, joint):
        self.parent = {0: None, 1: None, **{n: parent % n for n, parent in enumerate(parents, 2)}}
        self.handling = Handling(
            id="s", congress=CONGRESS, number="1", title="……", deputies=[Person("d", "代表甲")]
        )
        first = Allotment(self.unit(0), [self.unit(1)] if joint else [])
        self.handling.assign(first, "", "", LIAISON, at(DAY))

    def unit(self, n):
        desk = f"u{n}" if n in self.parent.values() else ""
        above = [f"u{m}" for m in self.all_above(n)]
        return Unit(f"u{n}", f"单位{n}", desk, tuple(above))

    def all_above(self, n):
        while (n := self.parent[n]) is not None:
            yield n

    def below(self, n):
        return [m for m, parent in self.parent.items() if parent == n]

    def officer(self, n):
        return Actor(f"officer{n}", "……", (Role("distributing", CONGRESS, unit=f"u{n}"),))

    def clerk(self, n):
        return Actor(f"clerk{n}", "……", (Role("handler", CONGRESS, unit=f"u{n}"),))

    def number_of(self, task):
        return int(task.unit.id[1:])

    # --- acts -------------------------------------------------------------------------------------------------

    @rule(
        index=st.integers(0, 20),
        by=st.integers(0, 10),
        to=st.lists(st.integers(0, 10), max_size=3),
        days=st.integers(0, 100),
    )
    def somebody_hands_on(self, index, by, to, days):
        """The own office to units below it: what the service lets through. Of others the rules have to refuse it."""
        task = self.handling.tasks[index % len(self.handling.tasks)]
        below = self.below(self.number_of(task))
        units = [self.unit(below[n % len(below)]) for n in dict.fromkeys(to)] if below else []
        units = list({unit.id: unit for unit in units}.values())
        by %= len(self.parent)
        try:
            self.handling.distribute(
                task.id,
                units,
                "……",
                DAY + timedelta(days=days),
                DAY + timedelta(days=89),
                self.officer(by),
                at(DAY),
            )
        except REFUSED:
            return
        assert by == self.number_of(task), "a stranger's office handed it on"

    @rule(
        index=st.integers(0, 20),
        by=st.integers(0, 10),
        word=st.sampled_from(("sign_for", "hand_in_part", "ask_to_return")),
    )
    def a_unit_goes_on(self, index, by, word):
        task = self.handling.tasks[index % len(self.handling.tasks)]
        by %= len(self.parent)
        more = {"sign_for": (), "hand_in_part": ("……", ""), "ask_to_return": ("……", None)}[word]
        try:
            getattr(self.handling, word)(task.id, *more, self.clerk(by), at(DAY))
        except REFUSED:
            return
        assert by == self.number_of(task)

    @rule(index=st.integers(0, 20), by=st.integers(0, 10), to=st.integers(-1, 10), approve=st.booleans())
    def an_office_decides(self, index, by, to, approve):
        task = self.handling.tasks[index % len(self.handling.tasks)]
        above = self.parent[self.number_of(task)]
        candidates = self.below(above) if above is not None else []
        unit = self.unit(candidates[to % len(candidates)]) if candidates and to >= 0 else None
        office = by % (len(self.parent) + 1)
        actor = self.officer(office) if office < len(self.parent) else LIAISON
        try:
            if approve:
                self.handling.approve_return(task.id, unit, "……", actor, at(DAY))
            else:
                self.handling.refuse_return(task.id, "……", actor, at(DAY))
        except REFUSED:
            return
        if task.is_part:
            assert actor != LIAISON and office == above, "a part is for who handed it on to decide"

    @rule(data=st.data(), steps=st.integers(1, 6))
    def somebody_does_what_is_possible(self, data, steps):
        """Without this, random acts would seldom get far."""
        for _ in range(steps):
            people = [LIAISON, *(self.officer(n) for n in self.parent)]
            offers = [
                (who, line) for who in people for line in self.handling.may(who) if line["command"] in ONWARD
            ]
            if not offers:
                return
            who, line = data.draw(st.sampled_from(offers))
            self.do(who, line["command"], self.handling.task(line["task"]))

    def do(self, who, command, task):
        h, n = self.handling, self.number_of(task)
        has_it = {self.number_of(other) for other in h.live_tasks}
        if command == "sign_for":
            h.sign_for(task.id, who, at(DAY))
        elif command == "ask_to_return":
            h.ask_to_return(task.id, "……", None, who, at(DAY))
        elif command == "distribute_task":
            units = [self.unit(m) for m in self.below(n) if m not in has_it]
            h.distribute(
                task.id,
                units,
                "……",
                min(task.due_on or DAY + timedelta(days=50), DAY + timedelta(days=50)),
                DAY + timedelta(days=89),
                who,
                at(DAY),
            )
        elif command == "adjudicate_return":
            beside = [
                m for m in self.parent if m != n and self.parent[m] == self.parent[n] and m not in has_it
            ]
            if beside or task.is_part:
                h.approve_return(task.id, self.unit(beside[0]) if beside else None, "……", who, at(DAY))
            else:
                h.refuse_return(task.id, "……", who, at(DAY))
        elif not h.missing_parts(task):
            h.hand_in_part(task.id, "……", "", who, at(DAY))

    @rule()
    def the_first_is_replied_to(self):
        draft = {
            "text": "……", "reply_class": "A", "publicity": "public", "contact": "", "phone": "", "commitments": [], "results": [],
            "without_opinions": "……",
        }  # fmt: skip
        head = Actor(
            "head", "……", (Role("unit_head", CONGRESS, unit=self.handling.assigned_tasks[0].unit.id),)
        )
        task = self.handling.assigned_tasks[0].id
        try:
            self.handling.draft_reply(task, draft, head, at(DAY))
            self.handling.approve_reply(task, head, at(DAY))
            self.handling.issue_reply(task, "一号", [], head, at(DAY))
        except REFUSED:
            return

    # --- what always holds ------------------------------------------------------------------------------------

    @invariant()
    def each_part_has_one_unit_that_answers_for_it(self):
        if not hasattr(self, "handling"):
            return
        h = self.handling
        live = h.live_tasks
        assert len({task.unit.id for task in live}) == len(live), "a unit has it twice"
        for part in (task for task in live if task.is_part):
            chain = h.above(part)
            assert all(task.is_live for task in chain), "it hangs below a task that is over"
            assert not chain[-1].is_part and chain[-1] in h.assigned_tasks
            assert self.parent[self.number_of(part)] == self.number_of(chain[0]), "handed on past somebody"
            assert part.due_on and part.due_on <= (chain[0].due_on or DAY + timedelta(days=89))
            assert not part.replies and not part.drafts

    @invariant()
    def the_whole_is_replied_to_once(self):
        if not hasattr(self, "handling"):
            return
        told = [event.data["role"] for event in self.handling.recorded if event.name == "reply.issued"]
        assert told in ([], ["lead"])
        assert self.handling.state in ("assigned", "handling", "replied")
        listed = [
            event.data
            for event in self.handling.recorded
            if event.name in ("suggestion.assigned", "task.distributed")
        ][-1]
        assert {task["task"] for task in listed["tasks"]} == {
            task.id for task in self.handling.assigned_tasks
        }
        assert {part["task"] for part in listed.get("parts", [])} == {
            task.id for task in self.handling.live_tasks if task.is_part
        }

    @invariant()
    def nobody_sees_a_part_outside_its_chain(self):
        if not hasattr(self, "handling"):
            return
        h = self.handling
        for part in (task for task in h.live_tasks if task.is_part):
            n = self.number_of(part)
            above, below = set(self.all_above(n)), {m for m in self.parent if n in self.all_above(m)}
            for m in self.parent:
                has_or_had = any(self.number_of(task) == m for task in h.tasks)
                for actor in (self.clerk(m), self.officer(m)):
                    if h.is_shown(part, actor) and bool(h.relations(actor)):
                        assert m in {n} | above | below, f"unit {m} sees the part of unit {n}"
                        assert has_or_had or m in above

    @invariant()
    def what_may_be_done_is_offered_to_who_may_see_it(self):
        if not hasattr(self, "handling"):
            return
        for n in self.parent:
            for line in [line for line in self.handling.may(self.officer(n)) if line["task"]]:
                task = self.handling.task(line["task"])
                assert self.handling.is_shown(task, self.officer(n))
                assert n == self.number_of(task) or n in self.all_above(self.number_of(task))


TestAnyTree = AnyTree.TestCase
TestAnyTree.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
