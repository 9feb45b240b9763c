"""Two suggestions of the same content become one (并案): each deputy of either gets the answer and judges it."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk, unit_head

from shared.aggregate import new_id
from shared.problems import Invalid, NotFound, WrongState

NAMES = {new_id(): f"代表{letter}" for letter in "甲乙丙丁"}
A, B, C, D = (deputy(name, seat) for seat, name in NAMES.items())
TAX = new_id()
REPLY = {"text": "三部门已经建立联合运维工作机制，统一受理、限时办结，每日对账。", "reply_class": "A", "contact": "经办人甲", "phone": "0731-0"}  # fmt: skip


class Story:
    def __init__(self, network):
        self.network = network
        for seat, name in NAMES.items():
            network.tell(
                "deputy.recorded.v1", seat, name=name, delegation="", delegation_name="", active=True
            )
        network.tell("unit.recorded.v1", TAX, name="省税务局", short="税务", kind="government", parent="", active=True)  # fmt: skip
        network.tell("session.recorded.v1", new_id(), name="第十四届一次会议", term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip

    def do(self, who, service, command, id="", **data):
        return self.network.do(who, service, command, id, **data)

    def accepted(self, lead, *cosigners):
        id = self.do(
            lead, "intake", "draft_suggestion", congress=PROVINCE, title="关于建立联合运维工作机制的建议", situation="各自运维。",
            analysis="责任不清。", proposals="建立联合运维中心。", kind="suggestion", category="社会保障",
        )["id"]  # fmt: skip
        for cosigner in cosigners:
            self.do(lead, "intake", "invite_cosigners", id, deputies=list(cosigner.seats))
            self.do(cosigner, "intake", "accept_cosigning", id)
        self.do(lead, "intake", "submit_suggestion", id)
        self.do(liaison(), "intake", "accept_suggestion", id)
        return id

    def assigned(self, id):
        self.do(liaison(), "assignment", "assign_suggestion", id, lead=TAX)
        self.act(id, "sign_for")

    def act(self, id, command, head=False, **data):
        who = unit_head(TAX) if head else unit_clerk(TAX)
        task = self.network.ask(liaison(), "assignment", "handling", id=id)["tasks"][-1]["task"]
        return self.do(who, "assignment", command, id, task=task, **data)

    def replied(self, id):
        self.act(id, "draft_reply", **REPLY)
        self.act(id, "approve_reply", head=True)
        return self.act(id, "issue_reply", document_number="湘税建〔2023〕12号")["reply"]

    def merge(self, id, into):
        self.do(liaison(), "intake", "merge_suggestion", id, into=into)

    def judge(self, who, id, reply, result="satisfied"):
        self.do(who, "evaluation", "give_feedback", id, reply=reply, process="satisfied", result=result)

    def evaluation(self, who, id):
        return self.network.ask(who, "evaluation", "evaluation", id=id)

    def waits_for(self, who):
        return [line["suggestion"] for line in self.network.ask(who, "evaluation", "evaluation_waiting")]


@pytest.fixture
def story(network_of):
    return Story(
        network_of("intake", "assignment", "supervision", "evaluation", "search", today=date(2023, 1, 16))
    )


@pytest.fixture
def replied(story):
    """A suggestion by 代表甲 and 代表乙, replied to on the 16th of May, and one by 代表丙 and 代表丁 that no unit has."""
    main, other = story.accepted(A, B), story.accepted(C, D)
    story.network.on(date(2023, 5, 16))
    story.assigned(main)
    return main, other, story.replied(main)


def test_deputies_who_join_after_the_reply_get_it_and_judge_it(story, replied):
    main, other, reply = replied
    with pytest.raises(NotFound):
        story.network.ask(C, "assignment", "handling", id=main)
    story.network.on(date(2023, 5, 24))
    story.merge(other, main)
    for who in (C, D):
        (task,) = story.network.ask(who, "assignment", "handling", id=main)["tasks"]
        assert REPLY["text"] in [answer["text"] for answer in task["replies"]]
        assert story.waits_for(who) == [main]
        story.judge(who, main, reply)
        assert story.waits_for(who) == []
    assert story.waits_for(A) == story.waits_for(B) == [main]
    assert [hit["id"] for hit in story.network.ask(D, "search", "search", text="联合运维", congress=PROVINCE)["hits"]].count(main) == 1  # fmt: skip


def test_each_has_ten_days_from_the_day_on_which_the_reply_came(story, replied):
    main, other, reply = replied
    for who in (A, B):
        story.judge(who, main, reply)
    story.network.on(date(2023, 5, 24))
    assert story.evaluation(liaison(), main)["state"] == "assessed"
    story.merge(other, main)
    seen = story.evaluation(liaison(), main)
    assert (seen["state"], seen["feedback_until"]) == ("asked", "2023-06-05")  # the 3rd of June is a Saturday
    line = story.network.ask(C, "supervision", "ledger_line", id=main)
    mine = [deadline["due_on"] for deadline in line["deadlines"] if deadline["kind"] == "feedback"]
    assert (line["line"]["state"], mine) == ("replied", ["2023-06-05"])
    with pytest.raises(WrongState, match="还有2位代表没有反馈"):
        story.do(liaison(), "evaluation", "close_suggestion", main)
    story.judge(C, main, reply)
    story.judge(D, main, reply)
    assert story.network.ask(C, "supervision", "ledger_line", id=main)["line"]["state"] == "assessed"
    story.do(liaison(), "evaluation", "close_suggestion", main)


def test_who_is_asked_already_is_not_asked_twice(story):
    main, other = story.accepted(A, B), story.accepted(B, C)
    story.assigned(main)
    reply = story.replied(main)
    story.judge(B, main, reply)
    story.merge(other, main)
    (forms,) = [answer["forms"] for answer in story.evaluation(liaison(), main)["replies"]]
    assert [form["deputy"]["name"] for form in forms] == ["代表甲", "代表乙", "代表丙"]
    assert (story.waits_for(B), story.waits_for(C)) == ([], [main])


def test_who_joins_while_it_is_handled_again_gets_the_next_reply(story, replied):
    main, other, reply = replied
    story.judge(A, main, reply, result="unsatisfied")
    story.do(liaison(), "evaluation", "order_rehandling", main, reply=reply, reason="请落实完成期限")
    story.merge(other, main)
    assert story.waits_for(C) == []
    second = story.replied(main)
    assert story.waits_for(C) == story.waits_for(D) == [main]
    story.judge(D, main, second)


def test_what_is_closed_is_merged_no_more(story, replied):
    main, other, reply = replied
    for who in (A, B):
        story.judge(who, main, reply)
    story.do(liaison(), "evaluation", "close_suggestion", main)
    before = len(story.network.published("intake"))
    with pytest.raises(Invalid) as refusal:
        story.merge(other, main)
    assert "第0001号已于2023-05-16办结" in refusal.value.errors["into"][0]
    with pytest.raises(WrongState, match="已于2023-05-16办结，不能再并案"):
        story.merge(main, other)
    assert len(story.network.published("intake")) == before
    may = story.network.ask(liaison(), "intake", "suggestion", id=main)["may"]
    assert "merge_suggestion" not in [line["command"] for line in may]


def test_what_stands_behind_a_text_is_behind_each_of_its_parts(story):
    basis = {
        "basis": "走访12家企业。",
        "proposed_units": [TAX],
        "several_years": True,
        "opinions": ["窗口太少。"],
    }
    text = {"situation": "各自运维。", "analysis": "责任不清。", "proposals": "建立联合运维中心。"}
    whole = story.do(
        A, "intake", "draft_suggestion", congress=PROVINCE, title="关于联合运维和增设窗口的建议", category="社会保障", **text, **basis
    )["id"]  # fmt: skip
    story.do(A, "intake", "submit_suggestion", whole)
    with pytest.raises(Invalid, match="标题相同"):
        same = [{"title": "关于联合运维和增设窗口的建议", **text}] * 2
        story.do(liaison(), "intake", "split_suggestion", whole, reason="两件事", parts=same)
    titles = ("关于建立联合运维中心的建议", "关于增设办事窗口的建议")
    parts = story.do(
        liaison(), "intake", "split_suggestion", whole, reason="两件事", parts=[{"title": title, **text} for title in titles],
    )["parts"]  # fmt: skip
    for part in parts:
        found = story.network.ask(A, "intake", "suggestion", id=part)
        assert {name: found[name] for name in basis} == {
            **basis,
            "proposed_units": [{"id": TAX, "name": "省税务局"}],
        }
        assert found["split_from"] == whole and found["history"][0]["reason"].startswith(
            "由《关于联合运维和增设窗口的建议》分出"
        )
        assert story.network.published("intake", part)[0]["data"]["split_from"] == whole
    assert story.network.ask(A, "intake", "suggestion", id=whole)["split_into"] == parts


MARK = {
    "theme": "优化营商环境",
    "leading_supervisor": "副主任甲",
    "sponsor": "副省长甲",
    "committee": "财政经济委员会",
}


def test_a_key_suggestion_is_not_merged_away_and_who_proposed_one_proposed_the_matter(story):
    key, other, third = story.accepted(A), story.accepted(B), story.accepted(C)
    story.do(liaison(), "intake", "make_key", key, **MARK)
    with pytest.raises(WrongState, match="是重点建议.*请把内容相同的并入这一件"):
        story.merge(key, other)
    story.do(liaison(), "intake", "propose_key", other, reason="企业反映强烈。")
    story.merge(other, third)
    (candidate,) = story.network.ask(liaison(), "intake", "key_candidates", congress=PROVINCE)
    assert candidate["id"] == third and [p["reason"] for p in candidate["proposals"]] == ["企业反映强烈。"]
    story.merge(third, key)
    assert story.network.ask(liaison(), "intake", "key_candidates", congress=PROVINCE) == []
