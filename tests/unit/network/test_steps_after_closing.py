"""办后回访、跟踪问效、“回头看”自查：what comes after the reply is still due, and can still be done, when the suggestion was closed meanwhile."""

from __future__ import annotations

from datetime import date

import pytest
from cities import OWN, WATER, World

from shared.problems import WrongState

REPLY = {
    "text": "已经会同有关单位更换老化管网，明确了责任单位和长效办法。", "reply_class": "A", "publicity": "public", "contact": "经办人甲", "phone": "0731-0", "without_opinions": "已商定。",
}  # fmt: skip


class Life:
    """A suggestion that its deputy is content with on the day of the reply, and that is closed that day."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.network.on(date(2023, 1, 14))
        for name in ("ten_grasps", "three_fixes_three_visits", "three_tracks"):
            world.do(
                "liaison", "directory", "set_practice", name=name, congress=OWN, effective_on="2023-01-14"
            )
        self.id = world.do(
            "lead", "intake", "draft_suggestion", congress=OWN, **{**WATER, "kind": "opinion"}
        )["id"]
        world.do("lead", "intake", "submit_suggestion", self.id)
        world.do("liaison", "intake", "accept_suggestion", self.id)
        self.does("liaison", "assign_suggestion", lead=world.ids["unit"])
        self.task = {"task": world.task(self.id, "unit")}
        self.does("clerk", "sign_for", **self.task)

    def does(self, who: str, command: str, service: str = "assignment", **data) -> None:
        self.world.do(who, service, command, self.id, **data)

    def completes(self, name: str) -> None:
        found = next(step for step in self.handling["tasks"][0]["steps"] if step["name"] == name)
        entries = [{"label": blank["label"], "value": "甲"} for blank in found["blanks"]]
        self.does("clerk", "complete_step", **self.task, step=found["id"], entries=entries)

    def visits(self, phase: str) -> None:
        visit = {"phase": phase, "method": "visit", "on": "2023-01-14", "notes": "……", "deputies": [self.world.ids["lead"]]}  # fmt: skip
        self.does("clerk", "log_contact", **self.task, **visit)

    @property
    def handling(self) -> dict:
        return self.world.answer("clerk", "assignment", "handling", {"id": self.id})

    def running(self) -> set[str]:
        line = self.world.answer("liaison", "supervision", "ledger_line", {"id": self.id})
        return {deadline["label"] for deadline in line["deadlines"] if not deadline["ended"]}

    def waits(self) -> set[str]:
        lines = self.world.answer("clerk", "assignment", "assignment_waiting", {})
        return {line["what"] for line in lines if line["suggestion"] == self.id}

    def closed(self) -> Life:
        self.does("clerk", "make_plan", **self.task, handler="经办人甲", plan="三月勘测，四月施工。")
        self.does("lead", "agree_plan", **self.task, agrees=True, note="")
        self.completes("办前分析")
        self.completes("落实措施和责任人")
        self.visits("before")
        self.visits("during")
        self.does("clerk", "draft_reply", **self.task, **REPLY)
        self.does("head", "approve_reply", **self.task)
        self.does("clerk", "issue_reply", **self.task, document_number="某函〔2023〕1号")
        judged = {"reply": self.handling["replies"][0]["reply"], "process": "satisfied", "result": "satisfied"}  # fmt: skip
        self.does("lead", "give_feedback", "evaluation", **judged)
        self.does("liaison", "close_suggestion", "evaluation")
        return self


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.close()


LATER = {"办后回访", "持续跟踪问效", "“回头看”自查"}


def test_what_comes_after_the_reply_is_done_after_closing_and_nothing_else_is(world):
    life = Life(world).closed()
    assert life.running() == LATER
    assert {what.removeprefix("完成环节：") for what in life.waits()} == LATER
    may = {line["command"] for line in life.handling["may"]}
    assert {"complete_step", "log_contact"} <= may and not may & {"make_plan", "draft_reply", "log_meeting"}
    life.visits("after")
    life.completes("持续跟踪问效")
    life.completes("“回头看”自查")
    assert life.running() == life.waits() == set()
    with pytest.raises(WrongState):
        life.visits("after")
