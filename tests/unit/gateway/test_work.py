"""What waits for one person, from all services; and what a command sets off in the network."""

from __future__ import annotations

import pytest

from services.gateway.work import SOURCES
from shared.aggregate import new_id
from shared.problems import NotFound, Unavailable

A, B, C = new_id(), new_id(), new_id()


def line(suggestion, command, what, **more):
    return {
        "suggestion": suggestion,
        "title": "关于……的建议",
        "number": "",
        "congress": "43",
        "command": command,
        "what": what,
        **more,
    }


@pytest.fixture
def waiting(web):
    """Something waits in every service."""
    answers = web.transport.answers
    answers["intake", "intake_waiting"] = [line(A, "accept_suggestion", "审查立案", since="2023-01-14")]
    answers["assignment", "assignment_waiting"] = [
        line(B, "sign_for", "签收", unit="u1", since="2023-02-20"),
        line(B, "give_opinion", "会办意见", unit={"id": "u2", "name": "省医保局"}),
        line(C, "draft_reply", "起草答复", unit="u1"),
    ]
    answers["evaluation", "evaluation_waiting"] = []
    answers["supervision", "supervision_waiting"] = [line(A, "remind_unit", "催办", since="2023-01-10")]
    answers["supervision", "due_dates"] = {
        B: [
            {"kind": "sign_for", "unit": "u1", "due_on": "2023-02-27", "light": "yellow", "label": "签收"},
            {"kind": "sign_for", "unit": "u2", "due_on": "2023-02-01", "light": "red", "label": "签收"},
            {
                "kind": "joint_opinion",
                "unit": "u2",
                "due_on": "2023-03-20",
                "light": "green",
                "label": "会办意见",
            },
        ],
        C: [{"kind": "reply", "unit": "u1", "due_on": "2023-02-10", "light": "red", "label": "答复"}],
    }
    return web


def test_the_most_urgent_comes_first_then_the_oldest(waiting):
    answer = waiting.program("liaison").get("/api/my/work").json
    assert [(w["what"], w["due_on"]) for w in answer["work"]] == [
        ("起草答复", "2023-02-10"), ("签收", "2023-02-27"), ("会办意见", "2023-03-20"), ("催办", ""), ("审查立案", ""),
    ]  # fmt: skip
    assert answer["unanswered"] == []


def test_each_piece_of_work_has_its_own_units_deadline(waiting):
    work = waiting.program("liaison").get("/api/my/work").json["work"]
    assert [(w["light"], w["deadline"]) for w in work[:3]] == [
        ("red", "答复"),
        ("yellow", "签收"),
        ("green", "会办意见"),
    ]


def test_deadlines_are_asked_for_once(waiting):
    program = waiting.program("liaison")
    waiting.transport.calls.clear()
    program.get("/api/my/work")
    assert len(waiting.transport.calls) == len(SOURCES) + 1
    [query, params] = waiting.transport.calls[-1][2]
    assert (query, sorted(params["suggestions"])) == ("due_dates", sorted([A, B, C]))


def test_a_service_that_does_not_answer_leaves_the_others_work(waiting):
    waiting.transport.answers["assignment", "assignment_waiting"] = Unavailable("没有响应")
    answer = waiting.program("liaison").get("/api/my/work").json
    assert [w["what"] for w in answer["work"]] == ["催办", "审查立案"]
    assert answer["unanswered"] == ["assignment"]


def test_a_service_with_a_fault_does_too(waiting):
    waiting.transport.answers["supervision", "due_dates"] = RuntimeError("a fault")
    answer = waiting.program("liaison").get("/api/my/work").json
    assert len(answer["work"]) == 5
    assert answer["unanswered"] == ["supervision"]


def test_nothing_waits(web):
    for service, query in SOURCES.items():
        web.transport.answers[service, query.name] = []
    assert web.program("operator").get("/api/my/work").json == {"work": [], "unanswered": []}


# --- traces ---------------------------------------------------------------------------------------------------


def draft_and_its_trace(web, draft):
    answer = web.program("deputy").post("/api/suggestions", json=draft)
    return answer.headers["traceparent"][3:35]


def register_and_its_trace(web):
    """A deputy's registration, which intake handles."""
    answer = web.program("liaison").post("/api/deputies", json={"congress": "43", "name": "代表乙"})
    return answer.headers["traceparent"][3:35]


def test_an_event_is_pending_until_everybody_who_handles_it_has(web):
    operator = web.program("operator")
    trace = register_and_its_trace(web)
    before = operator.get(f"/api/trace/{trace}").json
    [event] = before["published"]
    assert (event["service"], event["type"]) == ("directory", "deputy.recorded.v1")
    assert before["handled"] == []
    assert before["pending"] == [{"service": "intake", "type": "deputy.recorded.v1", "id": event["id"]}]
    web.network.settle()
    after = operator.get(f"/api/trace/{trace}").json
    assert [(h["service"], h["id"]) for h in after["handled"]] == [("intake", event["id"])]
    assert after["pending"] == []


def test_an_event_that_failed_is_pending_until_it_succeeds(web, monkeypatch):
    trace = register_and_its_trace(web)
    intake = web.network.runtimes["intake"]
    [event] = web.network.published("directory")[-1:]
    with monkeypatch.context() as patched:
        patched.setitem(intake.handlers.events, "deputy.recorded.v1", [lambda work, event: 1 / 0])
        patched.delitem(intake.handlers.kept, "deputy.recorded.v1")
        intake.consume([event])
    assert len(web.program("operator").get(f"/api/trace/{trace}").json["pending"]) == 1
    assert intake.failures.replay(event["id"])
    assert web.program("operator").get(f"/api/trace/{trace}").json["pending"] == []


def test_an_event_is_pending_with_those_alone_who_handle_it(web, draft):
    at = f"/api/trace/{draft_and_its_trace(web, draft)}"
    trace = web.program("operator").get(at).json
    assert [e["type"] for e in trace["published"]] == ["suggestion.drafted.v1"]
    assert [waiting["service"] for waiting in trace["pending"]] == ["gateway"]
    web.network.settle()
    assert web.program("operator").get(at).json["pending"] == []


def test_an_unknown_trace_is_empty(web):
    assert web.program("operator").get(f"/api/trace/{'0' * 32}").json == {
        "published": [],
        "handled": [],
        "pending": [],
    }


@pytest.mark.parametrize("trace", ["abc", "z" * 32, "A" * 32])
def test_what_is_no_trace_is_not_found(web, trace):
    assert web.program("operator").get(f"/api/trace/{trace}").status_code == 404


def test_only_operators_follow_traces(web):
    assert web.program("deputy").get(f"/api/trace/{'0' * 32}").status_code == 403
    assert web.browser().get(f"/api/trace/{'0' * 32}").status_code == 401


def test_where_cases_are_told_everybody_signed_in_does(web):
    object.__setattr__(web.network.settings, "clock", "case")
    assert web.program("deputy").get(f"/api/trace/{'0' * 32}").status_code == 200
    assert web.browser().get(f"/api/trace/{'0' * 32}").status_code == 401


def test_while_a_service_is_silent_nobody_can_tell(web):
    web.transport.answers["search", "followed"] = Unavailable("没有响应")
    assert web.program("operator").get(f"/api/trace/{'0' * 32}").status_code == 503


# --- the way to the services ------------------------------------------------------------------------------------


def test_answers_and_refusals_come_side_by_side(web):
    from services.gateway.calls import Calls, Tokens
    from shared.contracts import directory, intake
    from shared.identity import PUBLIC

    calls = Calls(web.transport, Tokens(web.network.settings.signing_key), PUBLIC, "")
    found = calls.gather(
        {
            "congress": (directory.CONGRESS, {"id": "43"}),
            "text": (intake.SUGGESTION, {"id": A}),
            "none": (directory.SESSIONS, {}),
        }
    )
    assert found["congress"]["short"] == "湖南省"
    assert isinstance(found["text"], NotFound)
    assert found["none"].errors == {"congress": ["请填写这一项。"]}


def test_a_token_is_signed_once_and_again_before_it_expires():
    from services.gateway.calls import Tokens
    from shared.identity import PUBLIC, SYSTEM, TOKEN_SECONDS, verify

    now, key = [0.0], "k" * 40
    tokens = Tokens(key, lambda: now[0])
    first = tokens.of(SYSTEM)
    now[0] = TOKEN_SECONDS / 2 - 1
    assert tokens.of(SYSTEM) is first
    now[0] = TOKEN_SECONDS / 2
    assert tokens.of(SYSTEM) is not first
    assert verify(first, key) == SYSTEM
    assert tokens.of(PUBLIC) == ""
