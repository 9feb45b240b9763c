"""A deputy writes, others cosign, the liaison office reviews and numbers."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison

from shared.aggregate import new_id
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

A, B, C = new_id(), new_id(), new_id()
DRAFT = {
    "congress": PROVINCE, "title": "关于建立联合运维工作机制的建议", "situation": "三部门系统各自运维。", "analysis": "责任不清。",
    "proposals": "建立联合运维中心。", "kind": "suggestion", "category": "社会保障",
}  # fmt: skip


@pytest.fixture
def network(network_of):
    network = network_of("intake", today=date(2023, 1, 15))
    for seat, name in ((A, "代表甲"), (B, "代表乙"), (C, "代表丙")):
        network.tell("deputy.recorded.v1", seat, name=name, delegation="", delegation_name="", active=True)
    network.tell("session.recorded.v1", new_id(), name="第十四届一次会议", term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip
    return network


@pytest.fixture
def submitted(network):
    """A suggestion by 代表甲, cosigned by 代表乙, submitted during the session."""
    id = network.do(deputy("代表甲", A), "intake", "draft_suggestion", **DRAFT)["id"]
    network.do(deputy("代表甲", A), "intake", "invite_cosigners", id, deputies=[B, C])
    network.do(deputy("代表乙", B), "intake", "accept_cosigning", id)
    network.do(deputy("代表甲", A), "intake", "submit_suggestion", id)
    return id


def test_an_accepted_suggestion_has_the_first_number_of_its_session(network, submitted):
    answer = network.do(liaison(), "intake", "accept_suggestion", submitted)
    assert answer["number"] == "第十四届一次会议第0001号"


def test_only_who_accepted_is_a_cosigner(network, submitted):
    event = network.published("intake", submitted)[-1]
    assert [c["name"] for c in event["data"]["cosigners"]] == ["代表乙"]


def test_a_repeated_click_changes_nothing(network, submitted):
    first = network.do(liaison(), "intake", "accept_suggestion", submitted, key="click-1")
    again = network.do(liaison(), "intake", "accept_suggestion", submitted, key="click-1")
    assert again == first


def test_a_second_acceptance_is_refused_with_what_is_possible(network, submitted):
    network.do(liaison(), "intake", "accept_suggestion", submitted)
    with pytest.raises(WrongState, match="已立案.*确定为重点建议"):
        network.do(liaison(), "intake", "accept_suggestion", submitted)


def test_a_neighbours_liaison_office_finds_nothing(network, submitted):
    with pytest.raises(NotFound):
        network.ask(liaison("44"), "intake", "suggestion", id=submitted)


def test_a_deputy_cannot_accept(network, submitted):
    with pytest.raises(NotAllowed, match="只有联工委可以受理立案"):
        network.do(deputy("代表甲", A), "intake", "accept_suggestion", submitted)


def test_a_return_names_all_its_reasons(network, submitted):
    network.do(
        liaison(),
        "intake",
        "return_suggestion",
        submitted,
        reason_codes=["unclear", "several_matters"],
        reason="请写明路段。",
    )
    event = network.published("intake", submitted)[-1]["data"]
    assert (event["reason_code"], event["reason_codes"]) == ("unclear", ["unclear", "several_matters"])
    step = network.ask(deputy("代表甲", A), "intake", "suggestion", id=submitted)["history"][-1]
    assert step["reason"] == "情况、分析或具体意见不清楚、不是一事一案。请写明路段。"


def test_a_return_needs_a_reason(network, submitted):
    with pytest.raises(Invalid):
        network.do(
            liaison(), "intake", "return_suggestion", submitted, reason_codes=[], reason="请写明路段。"
        )


def test_the_office_sees_what_changed_since_the_return(network, submitted):
    writer, text = deputy("代表甲", A), {key: value for key, value in DRAFT.items() if key != "congress"}
    network.do(
        liaison(), "intake", "return_suggestion", submitted, reason_codes=["unclear"], reason="请写明路段。"
    )
    network.do(
        writer, "intake", "revise_suggestion", submitted, **{**text, "analysis": "责任不清，数据不通。"}
    )
    network.do(
        writer, "intake", "revise_suggestion", submitted, **{**text, "analysis": "责任不清，数据不同步。"}
    )
    network.do(writer, "intake", "submit_suggestion", submitted)
    assert network.ask(liaison(), "intake", "suggestion", id=submitted)["changes"] == [
        {"part": "analysis", "label": "分析", "before": "责任不清。", "after": "责任不清，数据不同步。"}
    ]
    versions = network.ask(liaison(), "intake", "suggestion_versions", id=submitted)
    assert [(v["analysis"], v["reason"]) for v in versions] == [
        ("责任不清。", "请写明路段。"),
        ("责任不清，数据不同步。", ""),
    ]
    with pytest.raises(NotFound):
        network.ask(liaison("44"), "intake", "suggestion_versions", id=submitted)


def test_the_desk_is_turned_page_by_page(network):
    writer, office = deputy("代表甲", A), liaison()
    ids = []
    for count in range(5):
        ids.append(
            network.do(
                writer, "intake", "draft_suggestion", **{**DRAFT, "title": f"关于第{count}条道路的建议"}
            )["id"]
        )
        network.do(writer, "intake", "submit_suggestion", ids[-1])

    def pages(state):
        seen, after = [], ""
        while page := network.ask(
            office, "intake", "review_desk", congress=PROVINCE, state=state, limit=2, after=after
        ):
            seen += [line["id"] for line in page]
            after = seen[-1]
        return seen

    assert pages("submitted") == ids
    for id in ids:
        network.do(office, "intake", "accept_suggestion", id)
    assert pages("accepted") == ids[::-1]
    (found,) = network.ask(office, "intake", "review_desk", congress=PROVINCE, state="accepted", text="第3条")
    assert found["id"] == ids[3]


def test_a_letter_goes_to_somebody_and_its_deputy_hears_what_came_of_it(network, submitted):
    office, writer = liaison(), deputy("代表甲", A)
    reasons = {"reason_codes": ["personal"], "reason": "属个别事项。", "receiver": "省信访局"}
    network.do(office, "intake", "treat_as_letter", submitted, **reasons)
    (line,) = network.ask(office, "intake", "review_desk", congress=PROVINCE, state="lettered")
    assert (line["receiver"], line["answered_on"]) == ("省信访局", "")
    network.on(date(2023, 2, 1))
    network.do(office, "intake", "answer_letter", submitted, answer="已与本人联系。")
    with pytest.raises(WrongState, match="已于2023-02-01答复"):
        network.do(office, "intake", "answer_letter", submitted, answer="再答复一次。")
    seen = network.ask(writer, "intake", "suggestion", id=submitted)
    assert (seen["letter"]["answer"], seen["letter"]["answered_on"]) == ("已与本人联系。", "2023-02-01")
    assert network.published("intake", submitted)[-1]["type"] == "letter.answered.v1"


LEAD = deputy("代表甲", A)
TEXT = {name: value for name, value in DRAFT.items() if name != "congress"}


def test_the_desk_shows_no_drafts(network, submitted):
    draft = network.do(LEAD, "intake", "draft_suggestion", **DRAFT)["id"]
    for state in ("draft", "discarded", "new"):
        with pytest.raises(Invalid, match="没有这一栏"):
            network.ask(liaison(), "intake", "review_desk", congress=PROVINCE, state=state)
    shown = network.ask(liaison(), "intake", "review_desk", congress=PROVINCE)
    assert draft not in [line["id"] for line in shown]


def test_what_is_being_mended_is_the_deputys_alone_until_it_is_handed_in_again(network, submitted):
    back = {"reason_codes": ["unclear"], "reason": "请写明路段。"}
    network.do(liaison(), "intake", "return_suggestion", submitted, **back)
    network.do(
        LEAD,
        "intake",
        "revise_suggestion",
        submitted,
        **{**TEXT, "title": "关于另一件事的建议", "analysis": "还没有想好。"},
    )
    (line,) = network.ask(liaison(), "intake", "review_desk", congress=PROVINCE, state="returned")
    assert line["title"] == TEXT["title"] and "beside" not in line
    seen = network.ask(liaison(), "intake", "suggestion", id=submitted)
    assert seen["analysis"] == TEXT["analysis"] and seen["changes"] == []
    assert network.ask(LEAD, "intake", "suggestion", id=submitted)["analysis"] == "还没有想好。"
