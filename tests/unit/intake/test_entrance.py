"""Quality at the entrance: what is told to the writer and to the office, with how to mend it, and what bars where it bars."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison
from hypothesis import given
from hypothesis import strategies as st

from services.intake.model import Person, Suggestion, findings
from shared.aggregate import new_id
from shared.clock import at
from shared.identity import Actor, Role
from shared.problems import Invalid
from shared.terms import FINDINGS

A = new_id()
OPERATOR = Actor("operator", "运维甲", (Role("operator", ""),))
HUNAN = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}
GOOD = {
    "title": "关于改造老城区供水管网的建议",
    "situation": "长沙市开福区湘春路一带的供水管网建于1985年，去年爆管46次，影响12个小区、3.2万名居民的用水，夏天水压不足，六楼以上经常停水。",
    "analysis": "管网已经超过使用年限，漏损率达到28%；改造资金分散在三个部门，没有统一的计划，每年只修爆管的地方，修了这一段又坏那一段。",
    "proposals": "建议由省住房城乡建设厅牵头，会同省财政厅制定三年改造计划，2024年底前完成湘春路等6条道路42公里管网的更换，漏损率降到10%以下。",
}  # fmt: skip


def found(**changed):
    return {(f.code, f.field) for f in findings({**GOOD, **changed}, PROVINCE)}


def test_a_text_with_situation_analysis_and_concrete_proposals_is_left_in_peace():
    assert found() == set()


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("situation", "管网老化。", "too_short"),
        ("analysis", GOOD["situation"], "repeated"),
        ("proposals", "建议加大投入力度，尽快完成2024年的改造任务，让广大群众早日用上放心水，切实提升居民的获得感幸福感，做好后续管护。", "no_unit"),
        ("proposals", "建议有关部门高度重视，加大投入力度，进一步完善工作机制，加强宣传引导，切实提升广大群众的获得感和幸福感安全感，做好工作。", "not_concrete"),
        ("title", "关于改造供水管网以及增加公交线路的建议", "several_matters"),
        ("proposals", GOOD["proposals"] + "另外，建议增开两条公交线路。", "several_matters"),
        ("situation", GOOD["situation"] + "我家的水管也坏了。", "personal"),
        ("situation", GOOD["situation"] + "（2022）湘01民终123号判决没有执行。", "court_case"),
        ("analysis", GOOD["analysis"] + "现将群众来信转递如下。", "forwarded_letter"),
        ("analysis", GOOD["analysis"] + "学术界对此有不同看法。", "academic"),
        ("proposals", GOOD["proposals"] + "可采购我公司产品。", "promotion"),
        ("proposals", GOOD["proposals"] + "建议修改《中华人民共和国水法》。", "beyond_powers"),
    ],
)  # fmt: skip
def test_what_the_office_would_object_to_is_told_with_its_place(field, text, code):
    assert found(**{field: text}) == {(code, field)}


def test_the_national_congress_may_change_national_law():
    text = {**GOOD, "proposals": GOOD["proposals"] + "建议修改《中华人民共和国水法》。"}
    assert findings(text, "cn") == []


def test_a_general_word_about_courts_is_no_court_case():
    assert found(analysis=GOOD["analysis"] + "有的判决执行难。") == set()


def test_what_is_still_empty_is_not_found_fault_with():
    assert findings({"title": "", "situation": "", "analysis": "", "proposals": ""}, PROVINCE) == []


@given(
    st.fixed_dictionaries(dict.fromkeys(GOOD, st.text(max_size=80))), st.sets(st.sampled_from(list(FINDINGS)))
)
def test_any_text_can_be_looked_at_and_bars_only_what_the_congress_named(text, bars):
    for finding in findings(text, PROVINCE, bars):
        assert finding.field in text and finding.sentence and finding.mend
        assert finding.bars == (finding.code in bars)


def test_what_the_congress_bars_is_not_submitted_and_the_rest_is():
    writer, now = Actor("a", "代表甲"), at(date(2023, 1, 15))
    draft = Suggestion(
        id=new_id(), congress=PROVINCE, lead=Person(A, "代表甲"), kind="suggestion", category="水利",
        **{**GOOD, "analysis": "管网老化。", "title": "关于改造管网以及增加公交的建议"},
    )  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        draft.submit("第十四届一次会议", True, 2023, writer, now, bars=("too_short",))
    assert list(refusal.value.errors) == ["analysis"] and draft.state == "draft"


@pytest.fixture
def network(network_of):
    network = network_of("intake", today=date(2023, 1, 15))
    tell_people(network)
    return network


def tell_people(network):
    network.tell("deputy.recorded.v1", A, name="代表甲", delegation="", delegation_name="", active=True)
    network.tell("session.recorded.v1", new_id(), name="第十四届一次会议", term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip


def test_the_writer_sees_it_before_and_the_office_after_the_submission(network):
    writer, office = deputy("代表甲", A), liaison()
    text = {**GOOD, "analysis": "管网老化。", "kind": "suggestion", "category": "水利", "congress": PROVINCE}
    id = network.do(writer, "intake", "draft_suggestion", **text)["id"]
    checks = network.ask(writer, "intake", "suggestion", id=id)["checks"]
    assert [finding["code"] for finding in checks["findings"]] == ["too_short"]
    assert {"code": "personal", "label": "代表本人或亲属的个人事项", "found": False} in checks["reasons"]
    network.do(writer, "intake", "submit_suggestion", id)
    assert network.published("intake", id)[-1]["data"]["findings"] == ["too_short"]
    assert network.ask(writer, "intake", "suggestion", id=id)["checks"] is None
    (line,) = network.ask(office, "intake", "review_desk", congress=PROVINCE)
    assert (line["lead"], line["times"]) == ("代表甲", 1)
    assert line["findings"] == [{"code": "too_short", "label": "写得过于简单"}]


def test_a_congress_lets_nothing_pass_that_names_no_unit(network_of):
    network = network_of("directory", "intake", today=date(2023, 1, 14))
    tell_people(network)
    network.do(OPERATOR, "directory", "register_divisions", divisions=[HUNAN])
    settings = {"bars": ["no_unit"]}
    network.do(liaison(), "directory", "set_practice", name="entrance", congress=PROVINCE, settings=settings)
    network.on(date(2023, 1, 15))
    writer = deputy("代表甲", A)
    text = {**GOOD, "proposals": "请三年内换完42公里管网。", "kind": "suggestion", "category": "水利"}
    id = network.do(writer, "intake", "draft_suggestion", congress=PROVINCE, **text)["id"]
    found = network.ask(
        writer, "intake", "findings", congress=PROVINCE, **{name: text[name] for name in GOOD}
    )["findings"]
    assert {finding["code"]: finding["bars"] for finding in found} == {"too_short": False, "no_unit": True}
    with pytest.raises(Invalid) as refusal:
        network.do(writer, "intake", "submit_suggestion", id)
    assert refusal.value.errors == {
        "proposals": ["“具体意见”没有写请哪个单位办。写明建议由哪个部门办理或者牵头。"]
    }
    network.do(
        writer, "intake", "revise_suggestion", id, **{**text, "proposals": "请省住建厅三年内换完42公里管网。"}
    )
    network.do(writer, "intake", "submit_suggestion", id)


def test_a_text_that_is_not_saved_is_looked_at_too(network):
    answer = network.ask(
        deputy("代表甲", A), "intake", "findings", congress=PROVINCE, **{**GOOD, "proposals": "请关注。"}
    )
    assert {finding["code"] for finding in answer["findings"]} == {"too_short", "no_unit", "not_concrete"}
