"""改按新做法：what began under earlier practices goes on under them, until the office says otherwise and why; then everybody follows."""

from __future__ import annotations

from datetime import date

import pytest
from cities import OWN, WATER, World

from shared.problems import NotAllowed, WrongState

REPLY = {
    "text": "三年更换计划已经立项，今年先更换漏损最重的十二公里。", "reply_class": "A", "publicity": "public", "contact": "经办人甲", "phone": "0731-0", "without_opinions": "已商定。",
}  # fmt: skip
FEEDBACK = {"process": "satisfied", "result": "unsatisfied"}
WHY = "主任会议决定，在办的建议一律按新的办法办理。"


class Life:
    """A suggestion for which its unit has signed; later the city has laid down other practices."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.network.on(date(2023, 1, 14))
        self.id = world.do("lead", "intake", "draft_suggestion", congress=OWN, **WATER)["id"]
        world.do("lead", "intake", "submit_suggestion", self.id)
        world.do("liaison", "intake", "accept_suggestion", self.id)

    def signed(self) -> Life:
        self.does("liaison", "assign_suggestion", lead=self.world.ids["unit"])
        self.does("clerk", "sign_for", task=self.task)
        return self

    @property
    def task(self) -> str:
        return self.world.task(self.id, "unit")

    def does(self, who: str, command: str, **data) -> None:
        self.world.do(who, "assignment", command, self.id, **data)

    def renews(self, who: str = "liaison") -> None:
        self.world.do(who, "intake", "renew_practices", self.id, reason=WHY)

    def steps(self) -> dict[str, str]:
        handling = self.world.answer("clerk", "assignment", "handling", {"id": self.id})
        return {step["name"]: step["due_on"] for step in handling["tasks"][0]["steps"]}

    def deadlines(self) -> dict[str, str]:
        line = self.world.answer("liaison", "supervision", "ledger_line", {"id": self.id})
        return {
            deadline["label"]: deadline["due_on"] for deadline in line["deadlines"] if not deadline["ended"]
        }

    def feedback_rules(self) -> dict:
        found = self.world.network.rows("evaluation", "evaluations")["evaluations"]
        return next(row["state_json"]["feedback"] for row in found if row["id"] == self.id)


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.close()


def lays_down(world: World, name: str, on: date, **settings) -> None:
    world.network.on(on)
    world.do("liaison", "directory", "set_practice", name=name, congress=OWN, settings=settings, effective_on=on.isoformat())  # fmt: skip


PERIODS = [{"key": "reply", "amount": 2, "unit": "months", "source": "本级新办法"}]


def test_without_a_word_it_goes_on_as_it_began_and_with_one_everybody_follows(world):
    life = Life(world).signed()
    lays_down(world, "ten_grasps", date(2023, 2, 1))
    lays_down(world, "deadlines", date(2023, 2, 1), periods=PERIODS)
    lays_down(world, "feedback", date(2023, 2, 1), decides="all")
    before = life.deadlines()
    assert life.steps() == {} and before["答复"] == "2023-04-14"
    assert life.feedback_rules()["decides"] == "lead"
    world.network.on(date(2023, 2, 3))
    life.renews()
    assert life.steps()["办前分析"] == "2023-02-18", "what is new runs from this day"
    after = life.deadlines()
    assert after["答复"] == "2023-03-14" and "办前分析" in after
    assert life.feedback_rules()["decides"] == "all"
    (told,) = [e for e in world.network.published("intake", life.id) if e["type"] == "practices.renewed.v1"]
    assert told["data"]["held_on"] == "2023-02-03" and told["data"]["reason"] == WHY
    timeline = world.answer("lead", "supervision", "ledger_line", {"id": life.id})["timeline"]
    assert [entry["reason"] for entry in timeline if entry["text"] == "改按新做法办理"] == [WHY]


def test_what_is_done_stays_and_what_is_not_asked_for_any_more_goes(world):
    lays_down(world, "ten_grasps", date(2023, 1, 14))
    lays_down(world, "one_list_four_systems", date(2023, 1, 14))
    life = Life(world).signed()
    handling = world.answer("clerk", "assignment", "handling", {"id": life.id})
    step = next(s for s in handling["tasks"][0]["steps"] if s["name"] == "办前分析")
    entries = [{"label": blank["label"], "value": "甲"} for blank in step["blanks"]]
    life.does("clerk", "complete_step", task=life.task, step=step["id"], entries=entries)
    world.network.on(date(2023, 2, 1))
    for name in ("ten_grasps", "one_list_four_systems"):
        world.do("liaison", "directory", "set_practice", name=name, congress=OWN, on=False, effective_on="2023-02-01")  # fmt: skip
    assert len(life.steps()) == 3
    life.renews()
    assert list(life.steps()) == ["办前分析"]
    assert "报解决问题责任清单" not in life.deadlines()


def test_evidence_on_record_is_not_asked_for_again(world):
    life = Life(world).signed()
    life.does("clerk", "make_plan", task=life.task, handler="经办人甲", plan="三月勘测，四月施工。")
    lays_down(world, "three_fixes_three_visits", date(2023, 2, 1))
    life.renews()
    handling = world.answer("clerk", "assignment", "handling", {"id": life.id})
    done = {step["name"]: step["done_on"] for step in handling["tasks"][0]["steps"]}
    assert done["三定：定经办人、定方案、定时间"] == "2023-02-01" and done["办前拜访"] is None


def test_what_deputies_have_said_is_kept_by_the_rules_under_which_they_said_it(world):
    lays_down(world, "feedback", date(2023, 1, 14), names="without")
    life = Life(world).signed()
    life.does("clerk", "draft_reply", task=life.task, **REPLY)
    life.does("head", "approve_reply", task=life.task)
    life.does("clerk", "issue_reply", task=life.task, document_number="某函〔2023〕1号")
    replies = world.answer("liaison", "assignment", "handling", {"id": life.id})["replies"]
    world.do("lead", "evaluation", "give_feedback", life.id, reply=replies[0]["reply"], **FEEDBACK)
    lays_down(world, "feedback", date(2023, 2, 1), names="named")
    life.renews()
    assert life.feedback_rules()["names"] == "without"


def test_before_it_is_assigned_after_it_is_closed_and_for_others_there_is_nothing_to_renew(world):
    life = Life(world)
    with pytest.raises(WrongState, match="还没有交办"):
        life.renews()
    life.signed()
    for who in ("distributing", "lead", "clerk"):
        with pytest.raises(NotAllowed):
            life.renews(who)
