"""Cosigning: a day to answer by, and a yes that is asked for again when the text changes."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.intake.model import Person, Suggestion
from shared.aggregate import new_id
from shared.clock import at
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, Problem, WrongState

SEATS = {name: new_id() for name in ("甲", "乙", "丙")}
A, B, C = (deputy(f"代表{name}", seat) for name, seat in SEATS.items())
TEXT = {
    "title": "关于建立联合运维工作机制的建议", "situation": "三部门系统各自运维。", "analysis": "责任不清。",
    "proposals": "建立联合运维中心。", "kind": "suggestion", "category": "社会保障",
}  # fmt: skip


@pytest.fixture
def network(network_of):
    network = network_of("intake", today=date(2023, 1, 13))
    for name, seat in SEATS.items():
        network.tell(
            "deputy.recorded.v1", seat, name=f"代表{name}", delegation="", delegation_name="", active=True
        )
    network.tell("session.recorded.v1", new_id(), name="第十四届一次会议", term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip
    return network


@pytest.fixture
def draft(network):
    return network.do(A, "intake", "draft_suggestion", congress=PROVINCE, **TEXT)["id"]


def invite(network, id, *who, **more):
    network.do(
        A, "intake", "invite_cosigners", id, deputies=[seat for actor in who for seat in actor.seats], **more
    )


def waits_for(network, who):
    return [
        (line["what"], line.get("due_on"), line.get("light"))
        for line in network.ask(who, "intake", "intake_waiting")
        if line["command"] == "accept_cosigning"
    ]


def cosigners(network, id):
    return [c["name"] for c in network.ask(A, "intake", "suggestion", id=id)["cosigners"]]


def test_an_invitation_waits_until_its_day_reminds_the_day_before_and_lapses_after_it(network, draft):
    invite(network, draft, B, answer_by="2023-01-16")
    assert waits_for(network, B) == [("是否附议", "2023-01-16", "green")]
    network.on(date(2023, 1, 15))
    assert waits_for(network, B) == [("是否附议", "2023-01-16", "yellow")]
    network.on(date(2023, 1, 17))
    assert waits_for(network, B) == []
    with pytest.raises(WrongState, match="已于2023-01-16截止.*重新邀请"):
        network.do(B, "intake", "accept_cosigning", draft)
    invite(network, draft, B, answer_by="2023-01-18")
    network.do(B, "intake", "accept_cosigning", draft)
    assert cosigners(network, draft) == ["代表乙"]


def test_a_day_that_has_passed_is_refused(network, draft):
    with pytest.raises(Invalid) as refusal:
        invite(network, draft, B, answer_by="2023-01-12")
    assert list(refusal.value.errors) == ["answer_by"]


def test_who_cosigned_is_asked_again_when_the_proposals_change(network, draft):
    invite(network, draft, B, C)
    for who in (B, C):
        network.do(who, "intake", "accept_cosigning", draft)
    network.do(A, "intake", "revise_suggestion", draft, **{**TEXT, "analysis": "责任不清，数据不通。"})
    assert cosigners(network, draft) == ["代表乙", "代表丙"]  # the analysis may be put better
    network.do(A, "intake", "revise_suggestion", draft, **{**TEXT, "proposals": "撤销联合运维中心。"})
    assert waits_for(network, B) == [("正文已修改，是否仍附议", None, None)]
    with pytest.raises(Invalid, match="代表乙、代表丙还没有重新同意"):
        network.do(A, "intake", "submit_suggestion", draft)
    network.do(B, "intake", "accept_cosigning", draft)
    network.do(A, "intake", "take_out_cosigners", draft, deputies=list(C.seats))
    network.do(A, "intake", "submit_suggestion", draft)
    assert [c["name"] for c in network.published("intake", draft)[-1]["data"]["cosigners"]] == ["代表乙"]


def test_only_who_was_invited_is_taken_out(network, draft):
    with pytest.raises(Invalid, match="只能移出已经邀请的代表"):
        network.do(A, "intake", "take_out_cosigners", draft, deputies=list(B.seats))


def test_basis_proposed_units_and_years_go_with_the_suggestion(network):
    unit = new_id()
    network.tell(
        "unit.recorded.v1", unit, name="省税务局", short="税务", kind="government", parent="", active=True
    )
    more = {
        "basis": "2022年11月专题调研3个县。",
        "proposed_units": [unit],
        "several_years": True,
        "opinions": ["办事要跑三个窗口。"],
    }
    id = network.do(A, "intake", "draft_suggestion", congress=PROVINCE, **TEXT, **more)["id"]
    network.do(
        A,
        "intake",
        "revise_suggestion",
        id,
        **TEXT,
        **{**more, "opinions": ["办事要跑三个窗口。", "系统常断。"]},
    )
    network.do(A, "intake", "submit_suggestion", id)
    told = network.published("intake", id)[-1]["data"]
    assert told["proposed_units"] == [{"id": unit, "name": "省税务局"}]
    assert (told["several_years"], told["opinions"][1]) == (True, "系统常断。")
    with pytest.raises(Invalid) as refusal:
        network.do(A, "intake", "draft_suggestion", congress=PROVINCE, **TEXT, proposed_units=[new_id()])
    assert list(refusal.value.errors) == ["proposed_units"]


class Cosigning(RuleBasedStateMachine):
    """Whatever is done in whatever order: who is named as a cosigner said yes to the very text that is submitted."""

    def __init__(self):
        super().__init__()
        lead = Person(SEATS["甲"], "代表甲")
        self.day = date(2023, 1, 13)
        self.suggestion = Suggestion.draft(PROVINCE, lead, A, at(self.day), **TEXT)
        self.agreed: dict[str, str] = {}
        self.others = [Person(SEATS[name], f"代表{name}") for name in ("乙", "丙")]

    def try_to(self, act, *given, **more):
        try:
            act(*given, **more, by=A, now=at(self.day))
        except Problem:
            return False
        return True

    @rule(days=st.integers(0, 3))
    def time_passes(self, days):
        self.day = date.fromordinal(self.day.toordinal() + days)

    @rule(number=st.integers(0, 1), within=st.one_of(st.none(), st.integers(-1, 2)))
    def invite(self, number, within):
        by = None if within is None else date.fromordinal(self.day.toordinal() + within)
        self.try_to(self.suggestion.invite, [self.others[number]], by)

    @rule(number=st.integers(0, 1), yes=st.booleans())
    def answer(self, number, yes):
        person = self.others[number]
        actor = Actor("a", person.name, (Role("deputy", PROVINCE, seat=person.id),))
        if not self.suggestion.relations(actor) & {"invited", "cosigner"}:
            return
        try:
            if yes:
                self.suggestion.cosign(actor, at(self.day))
                self.agreed[person.id] = self.suggestion.proposals
            else:
                self.suggestion.decline("", actor, at(self.day))
        except Problem:
            pass

    @rule(proposals=st.sampled_from(["建立中心。", "撤销中心。"]))
    def revise(self, proposals):
        self.suggestion.revise(by=A, now=at(self.day), proposals=proposals)

    @rule(number=st.integers(0, 1))
    def take_out(self, number):
        self.try_to(self.suggestion.take_out, [self.others[number].id])

    @invariant()
    def a_cosigner_agreed_to_this_text(self):
        for cosigner in self.suggestion.cosigners:
            assert self.agreed[cosigner.id] == self.suggestion.proposals

    @invariant()
    def what_can_be_submitted_leaves_nobody_waiting_to_be_asked_again(self):
        asked = [i for i in self.suggestion.invitations if i.answer == "asked_again"]
        if asked:
            assert not self.try_to(self.suggestion.submit, "第十四届一次会议", True, 2023)


TestCosigning = Cosigning.TestCase
TestCosigning.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)


def vacate(network, who):
    (seat,) = who.seats
    network.tell("deputy.recorded.v1", seat, PROVINCE, 2, name=who.name, delegation="", delegation_name="", active=False)  # fmt: skip


def test_who_is_no_deputy_any_more_puts_nothing_forward(network, draft):
    invite(network, draft, B)
    vacate(network, B)
    vacate(network, A)
    for who, command, data in (
        (A, "submit_suggestion", {}), (A, "revise_suggestion", TEXT), (A, "invite_cosigners", {"deputies": list(C.seats)}),
        (B, "accept_cosigning", {}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="代表资格已经终止"):
            network.do(who, "intake", command, draft, **data)
    with pytest.raises(NotAllowed, match="代表资格已经终止"):
        network.do(A, "intake", "draft_suggestion", congress=PROVINCE, **TEXT)
    network.do(B, "intake", "decline_cosigning", draft)
    network.do(A, "intake", "discard_suggestion", draft)


def test_who_was_asked_hears_that_the_draft_was_given_up(network, draft):
    invite(network, draft, B, C)
    network.do(C, "intake", "decline_cosigning", draft)
    network.do(A, "intake", "discard_suggestion", draft)
    last = network.published("intake", draft)[-1]
    assert (last["type"], [d["name"] for d in last["data"]["deputies"]]) == (
        "suggestion.discarded.v1",
        ["代表乙"],
    )
    assert waits_for(network, B) == []


def test_nobody_whose_seat_fell_vacant_is_invited_cosigns_or_takes_over_the_lead(network, draft):
    invite(network, draft, B, C)
    for who in (B, C):
        network.do(who, "intake", "accept_cosigning", draft)
    vacate(network, B)
    with pytest.raises(Invalid, match="代表乙的代表资格已经终止，请移出附议"):
        network.do(A, "intake", "submit_suggestion", draft)
    network.do(A, "intake", "take_out_cosigners", draft, deputies=list(B.seats))
    with pytest.raises(Invalid, match="代表乙的代表资格已经终止，不能邀请"):
        invite(network, draft, B)
    network.do(A, "intake", "submit_suggestion", draft)
    network.do(liaison(), "intake", "accept_suggestion", draft)
    for who in (A, C):
        vacate(network, who)
    with pytest.raises(Invalid, match="代表丙的代表资格也已经终止"):
        network.do(
            liaison(), "intake", "replace_lead", draft, deputy=next(iter(C.seats)), reason="资格终止。"
        )


def waits_for_the_office(network):
    return [line["what"] for line in network.ask(liaison(), "intake", "intake_waiting")]


def test_what_was_returned_to_nobody_is_treated_as_a_letter(network, draft):
    network.do(A, "intake", "submit_suggestion", draft)
    vacate(network, A)
    assert waits_for_the_office(network) == ["审查立案"]
    back = {"reason_codes": ["unclear"], "reason": "请写明路段。"}
    network.do(liaison(), "intake", "return_suggestion", draft, **back)
    assert waits_for_the_office(network) == ["领衔代表资格终止，没有人接替，可以转作来信"]
    letter = {"reason_codes": ["other"], "reason": "领衔代表资格终止。", "receiver": "省交通运输厅"}
    network.do(liaison(), "intake", "treat_as_letter", draft, **letter)
    assert waits_for_the_office(network) == []


def test_what_its_deputy_can_still_submit_is_not_taken_away_as_a_letter(network, draft):
    network.do(A, "intake", "submit_suggestion", draft)
    back = {"reason_codes": ["unclear"], "reason": "请写明路段。"}
    network.do(liaison(), "intake", "return_suggestion", draft, **back)
    with pytest.raises(WrongState, match="等代表再次提交"):
        network.do(liaison(), "intake", "treat_as_letter", draft, **back)
    seen = network.ask(liaison(), "intake", "suggestion", id=draft)
    assert "treat_as_letter" not in [line["command"] for line in seen["may"]]
