"""The whole life of a suggestion, with every plugin on and with none: whatever people do, it does not get stuck.

In whatever order people do what they may: there is a next step for somebody until it is public, merged or turned away; no
deadline is without its owner; nobody closes over a deputy who can still be asked; nothing counts twice; and what stands on
somebody's first page is not refused. And wherever that has led, people who do what the practices ask for bring it to its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from cities import NEIGHBOUR, OWN, WATER, World
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.aggregate import new_id
from shared.clock import legal_date
from shared.identity import Actor, Role
from shared.plugins import installed
from shared.problems import NotAllowed, NotFound, Problem

STEPS = 25  # in any order
MOST_TURNS = 90  # of people who do what is asked for, from there to the end
DRAFT = {
    "text": "已经会同有关单位更换老化管网，明确了责任单位和长效办法。", "publicity": "public", "contact": "经办人甲", "phone": "0731-0", "reply_class": "A",
    "without_opinions": "已经当面商定。",
}  # fmt: skip
WAITING = {"intake": "intake_waiting", "assignment": "assignment_waiting", "supervision": "supervision_waiting", "evaluation": "evaluation_waiting"}  # fmt: skip
QUERY = {"intake": "suggestion", "assignment": "handling", "evaluation": "evaluation"}
# Commands that lead nowhere by themselves, or out of this story into another one.
ASIDE = {
    "propose_key", "make_key", "change_key_mark", "release_key", "merge_suggestion", "split_suggestion", "revise_suggestion",
    "correct_suggestion", "invite_cosigners", "treat_as_letter", "put_in_batch", "remark", "answer_remark", "distribute_task", "discard_suggestion",
    "renew_practices",
}  # fmt: skip
AT_AN_END = ("published", "merged", "split", "lettered", "withdrawn")
OVER = ("returned", "ended")  # tasks of units that have let go


@pytest.fixture(scope="module")
def world(tmp_path_factory: Any) -> Iterator[World]:
    """Our city has switched every practice on; its neighbour has none."""
    world = World(tmp_path_factory.mktemp("lives"))
    for prefix, congress in (("", OWN), ("neighbour ", NEIGHBOUR)):  # a unit that takes over needs its head
        head = Role("unit_head", congress, unit=world.ids[f"{prefix}other"])
        world.people[f"{prefix}other head"] = Actor(new_id(), "某other head", (head,))
    for name, practice in installed().practices.items():
        if not practice.is_core:
            where = {} if "congress" in practice.places else {"unit": world.ids["unit"]}
            world.do("liaison", "directory", "set_practice", name=name, congress=OWN, effective_on="2023-01-14", **where)  # fmt: skip
    yield world
    world.close()


class Life:
    """One suggestion and everybody who may have to do with it."""

    def __init__(self, world: World, prefix: str, congress: str) -> None:
        self.world, self.prefix, self.congress = world, prefix, congress
        parts = (
            "lead",
            "cosigner",
            "liaison",
            "distributing",
            "clerk",
            "head",
            "joint clerk",
            "officer",
            "section clerk",
            "other clerk",
            "other head",
        )
        self.people = [prefix + part for part in parts]
        self.today = date(2023, 1, 14)
        world.network.on(self.today)
        lead = f"{prefix}lead"
        self.id = world.do(lead, "intake", "draft_suggestion", congress=congress, **WATER)["id"]
        world.do(lead, "intake", "invite_cosigners", self.id, deputies=[world.ids[f"{prefix}cosigner"]])

    # --- what people see ----------------------------------------------------------------------------------

    def seen(self, who: str, service: str) -> dict[str, Any]:
        answer = self.world.answer(who, service, QUERY[service], {"id": self.id})
        return {} if "status" in answer and "type" in answer else answer

    def offers(self) -> list[tuple[str, str, dict[str, str]]]:
        """(who, service, {command, task}) of whatever anybody may do now."""
        return [
            (who, service, line)
            for who in self.people
            for service in QUERY
            for line in self.seen(who, service).get("may", ())
            if line["command"] not in ASIDE
        ]

    def waiting(self) -> list[dict[str, Any]]:
        """What stands on anybody's first page about this suggestion."""
        return [
            line
            for who in self.people
            for service, query in WAITING.items()
            for line in self.world.answer(who, service, query, {})
            if line.get("suggestion") == self.id
        ]

    # --- what they do -------------------------------------------------------------------------------------

    def form(self, who: str, line: dict[str, str], data: st.DataObject) -> dict[str, Any]:
        """The command filled in as somebody would."""
        ids, prefix, today = self.world.ids, self.prefix, self.today.isoformat()
        task = {"task": line["task"]} if line.get("task") else {}
        yes = data.draw(st.booleans(), label="yes")
        match line["command"]:
            case "assign_suggestion":
                joint = [ids[f"{prefix}joint"]] if yes else []
                return {"lead": ids[f"{prefix}unit"], "joint": joint}
            case "adjudicate_return":
                return task | {"approve": yes, "reason": "……", "unit": ids[f"{prefix}other"] if yes else ""}
            case "make_plan":
                return task | {"handler": "经办人甲", "plan": "三月勘测，四月施工。"}
            case "agree_plan":
                return task | {"agrees": yes, "note": "" if yes else "没有写明期限。"}
            case "log_contact":
                phase = data.draw(st.sampled_from(("before", "during", "after")))
                method = data.draw(st.sampled_from(("visit", "mail", "phone", "joint_inspection")))
                rank = data.draw(st.sampled_from(("unit_head", "unit_head", "handler", "deputy_head")))
                deputies = [ids[f"{prefix}lead"]]
                return task | {"phase": phase, "method": method, "on": today, "notes": "……", "deputies": deputies, "led_by": "某人", "rank": rank}  # fmt: skip
            case "draft_reply":
                return task | DRAFT | {"reply_class": data.draw(st.sampled_from("AC"))}
            case "issue_reply":
                return task | {"document_number": "某水函〔2023〕1号"}
            case "complete_step":
                return task | self._step(who, line["task"], data)
            case "give_feedback":
                result = data.draw(st.sampled_from(("satisfied", "basically", "unsatisfied")))
                return {"reply": self._reply(who), "process": "satisfied", "result": result}
            case "order_rehandling":
                return {"reply": self._reply(who), "reason": "请再办理。"}
            case "close_suggestion":
                return {"note": "已约谈单位负责人，并在报上公开。", **({"measure": "talk"} if yes else {})}
            case "return_suggestion":
                return {"reason_codes": ["no_substance"], "reason": "请写明具体建议。"}
            case "change_reply_class":
                return task | {"reply_class": "C", "reason": "尚未解决。"}
            case "decide_objection":
                return task | {"uphold": yes, "reason": "……"}
            case "confirm_contact":
                return task | {"contact": self._contact(who, line["task"]), "agrees": True}
            case "publish_suggestion":
                return {"with_feedback": yes}
            case "give_opinion":
                return task | {"text": "同意配合，年内完成。"}
        return task | ({"reason": "……"} if line["command"] in NEED_REASON else {})

    def _step(self, who: str, task: str, data: st.DataObject) -> dict[str, Any]:
        steps = next(t for t in self.seen(who, "assignment")["tasks"] if t["id"] == task)["steps"]
        open_steps = [step for step in steps if not step["done_on"]]
        if not open_steps:
            return {"step": "0190a1b2-0000-7000-8000-000000000001", "entries": []}
        step = data.draw(st.sampled_from(open_steps))
        return filled(step)

    def _contact(self, who: str, task: str) -> str:
        contacts = next(t for t in self.seen(who, "assignment")["tasks"] if t["id"] == task)["contacts"]
        return contacts[-1]["id"] if contacts else "0190a1b2-0000-7000-8000-000000000001"

    def _reply(self, who: str) -> str:
        """The newest reply of which this person's may is."""
        replies = self.seen(f"{self.prefix}liaison", "assignment")["replies"]
        return str(replies[-1]["reply"])

    def act(self, offers: list[tuple[str, str, dict[str, str]]], data: st.DataObject) -> None:
        """Somebody does something of what is offered."""
        onward = sorted(
            (o for o in offers if o[2]["command"] in ONWARD), key=lambda o: ONWARD.index(o[2]["command"])
        )
        furthest = [offer for offer in onward if offer[2]["command"] == onward[-1][2]["command"]]
        ways = [offers, onward or offers, furthest or offers, furthest or offers]
        who, service, line = data.draw(st.sampled_from(data.draw(st.sampled_from(ways))))
        try:
            self.world.do(who, service, line["command"], self.id, **self.form(who, line, data))
        except (NotAllowed, NotFound) as refusal:
            raise AssertionError(f"{who} was offered {line} and is refused: {refusal.detail}") from refusal
        except Problem:
            pass  # a practice or a form stands against it yet: the person reads why

    def finish(self) -> None:
        """From here on everybody does what is asked for. Fails where that does not lead to the end."""
        refusals: list[str] = []
        for _ in range(MOST_TURNS):
            if self.state in AT_AN_END:
                return
            refusals = []
            if not self._somebody_does_what_is_due(refusals):
                self.wait(12)
            self.holds()
        possible = sorted({(who, line["command"]) for who, _, line in self.offers()})
        tasks = self.seen(f"{self.prefix}liaison", "assignment").get("tasks", ())
        stands = [(t["unit"]["name"], t["state"], [s["name"] for s in t["steps"] if not s["done_on"]]) for t in tasks]  # fmt: skip
        raise AssertionError(
            f"it does not come to its end: {self.state}; refused: {refusals}; possible: {possible}; {stands}"
        )

    def _somebody_does_what_is_due(self, refusals: list[str]) -> bool:
        """What leads furthest at first. False when all of it is refused today."""
        offers = [offer for offer in self.offers() if offer[2]["command"] in DILIGENT]
        for who, service, line in sorted(offers, key=lambda offer: -DILIGENT.index(offer[2]["command"])):
            for data in self._as_asked_for(who, line):
                try:
                    self.world.do(who, service, line["command"], self.id, **data)
                    return True
                except Problem as refusal:
                    refusals.append(f"{line['command']}: {refusal.detail} {refusal.errors}")
        return self._decides_what_was_proposed()

    def _decides_what_was_proposed(self) -> bool:
        """What was proposed because deputies were not content waits for the office or a leader, and closing waits for it."""
        for who in (f"{self.prefix}liaison", f"{self.prefix}standing_leader"):
            asked = {"congress": self.congress, "state": "proposed"}
            for measure in self.world.answer(who, "supervision", "measures", asked):
                may = {line["command"] for line in measure["may"]}
                if measure["suggestion"] == self.id and "decide_measure" in may:
                    self.world.do(who, "supervision", "decide_measure", measure["id"], decision="decline", reason="已经当面约谈。")  # fmt: skip
                    return True
        return False

    def _as_asked_for(self, who: str, line: dict[str, str]) -> Iterator[dict[str, Any]]:
        """The forms with which the person does what practices and rules ask for; none where that is done."""
        ids, prefix = self.world.ids, self.prefix
        task = {"task": line["task"]} if line.get("task") else {}
        found = self._task(who, line["task"]) if task else {}
        open_steps = [step for step in found.get("steps", ()) if not step["done_on"]]
        match line["command"]:
            case "assign_suggestion":
                yield {"lead": ids[f"{prefix}unit"], "joint": [ids[f"{prefix}joint"]]}
            case "adjudicate_return":
                yield task | {"approve": False, "reason": "属于贵单位职责。", "unit": ""}
            case "make_plan" if (
                not found["plans"] or (found["plans"][-1]["answer"] or {}).get("agrees") is False
            ):
                yield task | {"handler": "经办人甲", "plan": "三月勘测，四月施工。"}
            case "agree_plan" if found["plans"] and found["plans"][-1]["answer"] is None:
                yield task | {"agrees": True, "note": ""}
            case "show_draft" if found["draft"] and not found["draft"]["shown_on"]:
                yield task
            case "log_contact":
                for wanted in (step["evidence"] for step in open_steps if step["evidence"]):
                    if wanted["of"] == "contact":
                        yield task | self._contact_as(wanted)
            case "complete_step":
                yield from (task | filled(step) for step in open_steps)
            case "draft_reply" if found["state"] not in ("drafted", "approved"):
                yield task | DRAFT
            case "issue_reply":
                yield task | {"document_number": "某水函〔2023〕1号"}
            case "give_feedback":
                yield {"reply": self._reply(who), "process": "satisfied", "result": "satisfied"}
            case "order_rehandling":
                yield {"reply": self._reply(who), "reason": "请再办理。"}
            case "close_suggestion":
                yield {"note": ""}
                yield {"note": "已约谈单位负责人。", "measure": "talk"}
            case "publish_suggestion":
                yield {"with_feedback": False}
            case "give_opinion" if found["state"] != "opinion_given":
                yield task | {"text": "同意配合，年内完成。"}
            case "make_plan" | "agree_plan" | "show_draft" | "draft_reply" | "give_opinion":
                return  # it is done
            case _:
                yield task | ({"reason": "……"} if line["command"] in NEED_REASON else {})

    def _task(self, who: str, task: str) -> dict[str, Any]:
        return next(t for t in self.seen(who, "assignment")["tasks"] if t["id"] == task)

    def _contact_as(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """A talk as a step wants it, with all deputies."""
        deputies = [deputy["id"] for deputy in self.seen(f"{self.prefix}liaison", "assignment")["answered"]]
        method = next(iter(wanted["methods"]), "visit")
        return {
            "phase": wanted["phase"] or "during", "method": method, "on": self.today.isoformat(), "notes": "……", "deputies": deputies,
            "led_by": "某人", "rank": wanted["rank"] or "unit_head",
        }  # fmt: skip

    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.world.network.on(self.today)
        self.world.network.do(self.world.people["operator"], "supervision", "tick")
        self.first_pages_hold()

    # --- what has to hold ---------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        evaluation = self.seen(f"{self.prefix}liaison", "evaluation")
        if evaluation.get("published_on"):
            return "published"
        return str(self.seen(f"{self.prefix}lead", "intake").get("state", ""))

    def holds(self) -> None:
        line = self.world.answer(f"{self.prefix}liaison", "supervision", "ledger_line", {"id": self.id})
        having = {t["unit"]["id"] for t in self.seen(f"{self.prefix}liaison", "assignment").get("tasks", ()) if t["state"] not in OVER}  # fmt: skip
        for deadline in line.get("deadlines", ()):
            assert deadline.get("unit") or deadline.get("deputy"), f"a deadline of nobody: {deadline}"
            if deadline["unit"] and not deadline["ended"]:
                assert deadline["unit"]["id"] in having, f"runs for a unit that has let go: {deadline}"
        self._nobody_was_passed_over()

    def first_pages_hold(self) -> None:
        """What assignment asks somebody to do is what it lets the person do."""
        for who in self.people:
            lines = self.world.answer(who, "assignment", "assignment_waiting", {})
            asked = {line["command"] for line in lines if line.get("suggestion") == self.id} - ASIDE
            may = (
                {line["command"] for line in self.seen(who, "assignment").get("may", ())} if asked else set()
            )
            assert asked <= may, f"{who} is asked to {asked - may}, which is refused: {self.state}"

    def _nobody_was_passed_over(self) -> None:
        """It is closed only when everybody has judged the newest reply, or could have."""
        closed = [
            e
            for e in self.world.network.published("evaluation", self.id)
            if e["type"] == "suggestion.closed.v1"
        ]
        if not closed:
            return
        told = self.world.network.published("evaluation", self.id)
        opened = [e for e in told if e["type"] == "feedback.opened.v1" and e["time"] <= closed[-1]["time"]]
        asked = {d["id"] for d in opened[-1]["data"]["deputies"]} if opened else set()
        given = {e["data"]["deputy"]["id"] for e in told if e["type"] == "feedback.given.v1" and e["data"]["reply"] == opened[-1]["data"]["reply"]} if opened else set()  # fmt: skip
        waited = (
            legal_date(self.world.network.clock.now()) - date.fromisoformat(opened[-1]["data"]["opened_on"])
            if opened
            else timedelta(0)
        )
        assert asked <= given or waited.days > 10, "closed over a deputy who could still be asked"


def filled(step: dict[str, Any]) -> dict[str, Any]:
    """A step completed with all that has to be filled in."""
    entries = [
        {"label": blank["label"], "value": "、".join("甲乙丙丁戊"[: max(blank["least"], 1)])}
        for blank in step["blanks"]
    ]
    return {"step": step["id"], "entries": entries}


NEED_REASON = {
    "ask_to_return", "reject_reply", "ask_extension", "grant_extension", "refuse_extension", "send_reply_back", "object_to_class",
    "return_suggestion", "decline_cosigning", "renew_practices",
}  # fmt: skip
# What leads towards the end, the last step last.
ONWARD = [
    "submit_suggestion", "accept_suggestion", "assign_suggestion", "adjudicate_return", "grant_extension", "sign_for", "give_opinion", "make_plan",
    "agree_plan", "log_contact", "complete_step", "draft_reply", "show_draft", "approve_reply", "issue_reply", "give_feedback",
    "order_rehandling", "close_suggestion", "publish_suggestion",
]  # fmt: skip
# What people do who want to bring it to its end; the others of ONWARD undo or repeat something.
DILIGENT = [
    "submit_suggestion", "accept_suggestion", "assign_suggestion", "sign_for", "adjudicate_return", "grant_extension", "log_contact", "give_opinion",
    "make_plan", "agree_plan", "complete_step", "draft_reply", "show_draft", "approve_reply", "issue_reply", "order_rehandling", "give_feedback",
    "close_suggestion", "publish_suggestion",
]  # fmt: skip


@pytest.mark.parametrize(
    ("prefix", "congress"), [("", OWN), ("neighbour ", NEIGHBOUR)], ids=["every plugin on", "none on"]
)
@pytest.mark.timeout(300)
def test_there_is_always_a_next_step_for_somebody(world: World, prefix: str, congress: str) -> None:
    reached: Counter[str] = Counter()

    @settings(
        max_examples=3,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(data=st.data())
    def lives(data: st.DataObject) -> None:
        life = Life(world, prefix, congress)
        for _ in range(STEPS):
            if life.state in AT_AN_END:
                break
            offers = life.offers()
            assert offers or life.waiting(), f"nobody has anything to do: {life.state}"
            if offers:
                life.act(offers, data)
            if not offers or data.draw(st.integers(0, 5), label="wait") == 0:
                life.wait(data.draw(st.sampled_from((1, 12, 40)), label="days"))
            life.holds()
        life.finish()
        reached[life.state] += 1

    lives()
    assert reached["published"], reached
    merged = two_in_one(world, prefix, congress)
    _nothing_counts_twice(world, prefix, congress, merged)


def two_in_one(world: World, prefix: str, congress: str) -> str:
    """Two of the same content go on as one; the id of the one that was merged into the other."""
    one, other = (Life(world, prefix, congress) for _ in range(2))
    for life in (one, other):
        world.do(f"{prefix}lead", "intake", "submit_suggestion", life.id)
        world.do(f"{prefix}liaison", "intake", "accept_suggestion", life.id)
    world.do(f"{prefix}liaison", "assignment", "assign_suggestion", other.id, lead=world.ids[f"{prefix}unit"])
    world.do(f"{prefix}liaison", "intake", "merge_suggestion", other.id, into=one.id, reason="内容相同。")
    one.finish()
    return other.id


def _nothing_counts_twice(world: World, prefix: str, congress: str, merged: str) -> None:
    """In the list behind each figure every suggestion stands once, none that was merged, and what they put in is the figure."""
    office = f"{prefix}liaison"
    for figure in world.answer(office, "evaluation", "figures", {"congress": congress, "year": 2023}):
        asked = {"congress": congress, "year": 2023, "figure": figure["figure"]}
        lines = world.answer(office, "evaluation", "figure_list", asked)
        listed = [line["suggestion"] for line in lines]
        assert len(set(listed)) == len(listed) and merged not in listed, figure
        sums = tuple(sum(line[part] for line in lines) for part in ("numerator", "denominator"))
        assert sums == (figure["numerator"], figure["denominator"]), figure
