"""Offices, deputies and the public search; each finds what they may see."""

from __future__ import annotations

import pytest
from harness import PROVINCE, deputy, liaison

from services.search import indexing
from shared.aggregate import new_id
from shared.problems import NotFound

A, B, TAX = new_id(), new_id(), new_id()
TEXT = {
    "title": "关于建立社保费联合运维机制的建议", "situation": "三部门系统各自运维。", "analysis": "责任不清。", "proposals": "建立联合运维中心。",
    "kind": "suggestion", "category": "社会保障", "lead": {"id": A, "name": "代表甲"}, "cosigners": [], "delegation": "",
    "session": "第十四届一次会议", "during_session": True, "submitted_on": "2023-01-14",
}  # fmt: skip
REPLY = {
    "reply": new_id(), "task": new_id(), "unit": {"id": TAX, "name": "省税务局"}, "role": "lead", "round": 1, "document_number": "1号",
    "reply_class": "A", "publicity": "public", "text": "联合运维中心已挂牌运行。", "contact": "甲", "phone": "1", "issued_on": "2023-05-15",
    "deputies": [{"id": A, "name": "代表甲"}], "commitments": [], "missing_opinions": [],
}  # fmt: skip


@pytest.fixture
def network(network_of):
    network = network_of("search")
    yield network
    indexing.engine_of(network.settings).close()
    indexing._engines.clear()


@pytest.fixture
def suggestion(network):
    id = new_id()
    network.tell("suggestion.accepted.v1", id, PROVINCE, 1, **TEXT, number="第十四届一次会议第0123号", ordinal=123, year=2023, accepted_on="2023-01-20")  # fmt: skip
    return id


def found(network, who, text="社保"):
    return [hit["id"] for hit in network.ask(who, "search", "search", text=text)["hits"]]


def test_the_liaison_office_finds_two_characters_of_a_title(network, suggestion):
    assert found(network, liaison()) == [suggestion]


def test_its_deputy_finds_it(network, suggestion):
    assert found(network, deputy("代表甲", A)) == [suggestion]


def test_a_neighbour_the_public_and_another_deputy_find_nothing(network, suggestion):
    assert [found(network, who) for who in (liaison("44"), None, deputy("代表乙", B))] == [[], [], []]


def test_what_is_published_is_found_and_read_by_everybody(network, suggestion):
    network.tell("reply.issued.v1", suggestion, PROVINCE, 5, **REPLY)
    network.tell(
        "suggestion.published.v1", suggestion, PROVINCE, 9, published_on="2023-07-05", with_feedback=True
    )
    assert found(network, None, "挂牌") == [suggestion]
    assert network.ask(None, "search", "published", id=suggestion)["replies"][0]["text"] == REPLY["text"]


def test_a_reply_that_is_not_public_is_neither_found_nor_read(network, suggestion):
    network.tell("reply.issued.v1", suggestion, PROVINCE, 5, **{**REPLY, "publicity": "private"})
    network.tell(
        "suggestion.published.v1", suggestion, PROVINCE, 9, published_on="2023-07-05", with_feedback=True
    )
    page = network.ask(None, "search", "published", id=suggestion)
    assert (found(network, None, "挂牌"), page["replies"]) == ([], [])


def test_the_public_page_names_those_files_alone_that_are_for_everybody(network, suggestion):
    file = {
        "attachment": new_id(),
        "name": "计划.pdf",
        "type": "pdf",
        "size": 9,
        "checksum": "0" * 64,
        "public": True,
    }
    inside = {**file, "attachment": new_id(), "name": "名单.xlsx", "public": False}
    network.tell("reply.issued.v1", suggestion, PROVINCE, 5, **REPLY, attachments=[file, inside])
    published = {"published_on": "2023-07-05", "with_feedback": True}
    network.tell("suggestion.published.v1", suggestion, PROVINCE, 9, **published)
    (reply,) = network.ask(None, "search", "published", id=suggestion)["replies"]
    assert [shown["name"] for shown in reply["attachments"]] == ["计划.pdf"]


def test_what_is_not_published_has_no_public_page(network, suggestion):
    with pytest.raises(NotFound):
        network.ask(None, "search", "published", id=suggestion)


def test_a_reply_that_arrives_before_the_text_is_not_lost(network):
    id = new_id()
    network.tell("reply.issued.v1", id, PROVINCE, 5, **REPLY)
    network.tell(
        "suggestion.accepted.v1",
        id,
        PROVINCE,
        1,
        **TEXT,
        number="1号",
        ordinal=1,
        year=2023,
        accepted_on="2023-01-20",
    )
    assert found(network, liaison(), "挂牌") == [id]


def test_similar_earlier_ones_are_shown_while_writing(network, suggestion):
    hits = network.ask(deputy("代表甲", A), "search", "similar", title="社保费系统联合运维")
    assert hits[0]["id"] == suggestion


def test_a_rebuilt_index_finds_the_same(network, suggestion):
    before = found(network, liaison())
    assert indexing.rebuild_index(network.runtimes["search"]) == {"indexed": 1}
    assert found(network, liaison()) == before
