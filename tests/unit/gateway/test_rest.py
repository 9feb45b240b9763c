"""Programs give commands and ask questions; what is refused is refused in problem details, in Chinese."""

from __future__ import annotations

import flask
import pytest

from services.gateway import reading
from shared.aggregate import new_id
from shared.problems import Unavailable

DRAFTS = "/api/suggestions"


@pytest.fixture
def deputy(web):
    return web.program("deputy")


@pytest.fixture
def liaison(web):
    return web.program("liaison")


@pytest.fixture
def drafted(deputy, draft):
    return deputy.post(DRAFTS, json=draft).json["id"]


def refused(answer, status, code, *words):
    """The answer is this problem, and its sentence contains these words."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert (body["type"], body["status"]) == (f"urn:jianyi:problem:{code}", status)
    assert body["title"] and body["detail"]
    for word in words:
        assert word in body["detail"]
    return body.get("errors", {})


# --- what works -----------------------------------------------------------------------------------------------


def test_a_deputy_drafts_submits_and_reads(web, deputy, drafted):
    submitted = deputy.post(f"{DRAFTS}/{drafted}/submit")
    assert (submitted.status_code, submitted.json["state"]) == (200, "submitted")
    assert deputy.get(f"{DRAFTS}/{drafted}").json["title"] == "关于建立联合运维工作机制的建议"


def test_questions_take_their_parameters_from_the_query_string(liaison, deputy, drafted):
    deputy.post(f"{DRAFTS}/{drafted}/submit")
    desk = liaison.get("/api/review?congress=43&state=submitted&limit=5")
    assert [line["id"] for line in desk.json] == [drafted]


def test_fields_left_empty_in_a_form_count_as_not_given(liaison):
    assert liaison.get("/api/review?congress=43&state=&limit=").status_code == 200


def test_a_repeat_with_the_same_key_changes_nothing(web, deputy, draft):
    first = deputy.post(DRAFTS, json=draft, headers={"Idempotency-Key": "once"})
    again = deputy.post(DRAFTS, json=draft, headers={"Idempotency-Key": "once"})
    assert again.json == first.json
    assert len(web.events()) == 1


def test_a_version_is_an_etag_and_an_older_one_is_refused(deputy, draft, drafted):
    text = {name: value for name, value in draft.items() if name != "congress"}
    seen = deputy.get(f"{DRAFTS}/{drafted}").headers["ETag"]
    assert deputy.post(f"{DRAFTS}/{drafted}/revise", json=text, headers={"If-Match": seen}).status_code == 200
    late = deputy.post(f"{DRAFTS}/{drafted}/revise", json=text, headers={"If-Match": seen})
    refused(late, 409, "stale", "有人更新了")


@pytest.mark.parametrize("version", ["*", '"1"', 'W/"1"', "1"])
def test_a_version_may_be_written_in_several_ways(deputy, drafted, version):
    assert deputy.post(f"{DRAFTS}/{drafted}/submit", headers={"If-Match": version}).status_code == 200


def test_everybody_may_ask_what_is_public(web):
    assert web.browser().get("/api/divisions").json[0]["name"] == "湖南省"
    assert web.browser().get("/api/congresses/43").json["name"] == "湖南省人民代表大会"


def test_bodies_with_a_byte_order_mark_are_read(deputy, draft):
    import orjson

    body = b"\xef\xbb\xbf" + orjson.dumps(draft)
    assert deputy.post(DRAFTS, data=body, content_type="application/json; charset=utf-8").status_code == 200


def test_the_gateway_is_well(web):
    assert web.browser().get("/healthz").json == {"service": "gateway", "ok": True}


# --- traces, measures, headers --------------------------------------------------------------------------------


def test_an_answer_names_its_trace(web, deputy, draft):
    trace = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    answer = deputy.post(DRAFTS, json=draft, headers={"traceparent": trace})
    assert answer.headers["traceparent"][3:35] == "a" * 32
    assert web.transport.traceparents[-1] == answer.headers["traceparent"]
    assert web.events()[-1]["traceparent"][3:35] == "a" * 32


@pytest.mark.parametrize(
    "trace",
    ["", "nonsense", "00-" + "z" * 32 + "-" + "b" * 16 + "-01", "00-" + "0" * 32 + "-" + "b" * 16 + "-01"],
)
def test_a_trace_that_is_none_begins_a_new_one(web, deputy, trace):
    answer = deputy.get("/api/my/account", headers={"traceparent": trace})
    assert reading.re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", answer.headers["traceparent"])


def test_requests_are_measured_by_route(web, deputy, drafted):
    deputy.get(f"{DRAFTS}/{drafted}")
    labels = {"service": "gateway", "route": "/api/suggestions/<id:id>", "status": "200"}
    registry = web.runtime.metrics.registry
    assert registry.get_sample_value("jianyi_http_requests_total", labels) == 1
    assert registry.get_sample_value("jianyi_http_seconds_count", {"service": "gateway"}) == 3


def test_unknown_addresses_do_not_fill_the_measures(web):
    for n in range(3):
        web.browser().get(f"/nothing/{n}")
    labels = {"service": "gateway", "route": "unknown", "status": "404"}
    assert web.runtime.metrics.registry.get_sample_value("jianyi_http_requests_total", labels) == 3


@pytest.mark.parametrize("path", ["/sign-in", "/api/my/account", "/nothing", "/healthz"])
def test_every_answer_tells_browsers_to_be_careful(web, path):
    headers = web.browser().get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'; script-src 'self';")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_a_page_with_a_script_of_its_own_names_it_by_a_nonce(web, monkeypatch):
    page = lambda: flask.render_template_string("{{ csp_nonce() }}")  # noqa: E731
    monkeypatch.setitem(web.app.view_functions, "healthz", page)
    answer = web.browser().get("/healthz")
    assert f"script-src 'self' 'nonce-{answer.text}'" in answer.headers["Content-Security-Policy"]


# --- what is refused ------------------------------------------------------------------------------------------


def test_without_signing_in_nothing_is_done(web, draft):
    refused(web.browser().post(DRAFTS, json=draft), 401, "not-signed-in", "请先登录")


def test_an_unknown_address(web, deputy):
    refused(deputy.get("/api/nothing"), 404, "not-found")


def test_what_does_not_exist(deputy):
    refused(deputy.get(f"{DRAFTS}/{new_id()}"), 404, "not-found", "没有找到")
    refused(deputy.post(f"{DRAFTS}/{new_id()}/submit"), 404, "not-found", "没有找到")


@pytest.mark.parametrize(
    "id", ["1", "nonsense", "%00", "..", "a" * 65, "%ff", "0190A1B2-0000-7000-8000-000000000001"]
)
def test_an_id_that_cannot_be_one_is_not_found(deputy, id):
    refused(deputy.get(f"{DRAFTS}/{id}"), 404, "not-found")
    refused(deputy.post(f"{DRAFTS}/{id}/submit"), 404, "not-found")


def test_what_one_may_not_see_does_not_exist(web, drafted):
    refused(web.program("operator").get(f"{DRAFTS}/{drafted}"), 404, "not-found")


def test_a_wrong_method_names_the_right_ones(deputy):
    answer = deputy.delete(DRAFTS)
    refused(answer, 405, "wrong-method", "DELETE", "POST")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("body", [b"{", b'{"title": "\xff"}', b'{"n": NaN}', b"[" * 100_000, b'"\\ud800"'])
def test_what_is_not_json(deputy, body):
    refused(deputy.post(DRAFTS, data=body, content_type="application/json"), 400, "bad-request", "UTF-8")


@pytest.mark.parametrize("body", ["[]", "1", '"text"', "null"])
def test_json_that_is_no_object(deputy, body):
    refused(deputy.post(DRAFTS, data=body, content_type="application/json"), 422, "invalid", "JSON 对象")


def test_other_types_than_json(deputy):
    refused(deputy.post(DRAFTS, data={"title": "x"}), 415, "not-json", "application/json")


def test_a_body_that_is_too_large(deputy):
    answer = deputy.post(DRAFTS, data=b" " * (reading.MOST_BYTES + 1), content_type="application/json")
    refused(answer, 413, "too-large", "1 MB")
    assert answer.headers["Connection"] == "close"


def test_an_import_may_be_larger(liaison):
    rows = [{"number": str(n), "title": "关于……的建议" * 5} for n in range(20_000)]
    answer = liaison.post("/api/imports/suggestions", json={"congress": "43", "rows": rows, "colour": "red"})
    assert "colour" in refused(answer, 422, "invalid")
    answer = liaison.post(
        "/api/imports/suggestions",
        data=b" " * (reading.MOST_IMPORT_BYTES + 1),
        content_type="application/json",
    )
    refused(answer, 413, "too-large", "32 MB")


def test_fields_are_named_with_what_is_wrong_in_them(web, deputy, draft):
    errors = refused(
        deputy.post(DRAFTS, json={**draft, "title": "", "kind": "x", "colour": "red"}),
        422,
        "invalid",
        "起草建议",
    )
    assert set(errors) == {"title", "kind", "colour"}
    assert errors["colour"] == ["不认识的项目。"]
    assert web.events() == []


def test_parts_of_lists_are_named_too(liaison, deputy, drafted):
    deputy.post(f"{DRAFTS}/{drafted}/submit")
    part = {"title": "关于第一件事的建议", "situation": "一", "analysis": "一", "proposals": "一"}
    answer = liaison.post(
        f"{DRAFTS}/{drafted}/split",
        json={"reason": "两件事", "parts": [part, {**part, "title": "x", "y": 1}]},
    )
    errors = refused(answer, 422, "invalid")
    assert list(errors["parts"]) == ["1"]
    assert errors["parts"]["1"]["y"] == ["不认识的项目。"]


def test_parameters_of_questions_are_checked(liaison):
    errors = refused(liaison.get("/api/review?limit=many&colour=red"), 422, "invalid")
    assert set(errors) == {"congress", "limit", "colour"}
    assert set(refused(liaison.get("/api/review?congress=43&congress=44"), 422, "invalid")) == {"congress"}
    assert set(refused(liaison.get("/api/review?congress=43&id="), 422, "invalid")) == {"id"}
    assert set(refused(liaison.get(f"{DRAFTS}/{new_id()}?id={new_id()}"), 422, "invalid")) == {"id"}


def test_a_role_that_may_not(liaison, draft):
    refused(liaison.post(DRAFTS, json=draft), 403, "not-allowed", "本级人大代表")


def test_a_state_in_which_it_cannot_be_done_says_what_can(liaison, deputy, drafted):
    deputy.post(f"{DRAFTS}/{drafted}/submit")
    liaison.post(f"{DRAFTS}/{drafted}/accept", json={})
    refused(liaison.post(f"{DRAFTS}/{drafted}/accept", json={}), 409, "wrong-state", "已立案", "现在可以")


@pytest.mark.parametrize("key", ["", " ", "x" * 129, "键", "a b"])
def test_a_key_that_is_none(deputy, draft, key):
    refused(
        deputy.post(DRAFTS, json=draft, headers={"Idempotency-Key": key.encode().decode("latin-1")}),
        422,
        "invalid",
        "Idempotency-Key",
    )


@pytest.mark.parametrize("version", ["", "latest", '"a"', "1" * 30, '"1", "2"'])
def test_a_version_that_is_none(deputy, drafted, version):
    refused(
        deputy.post(f"{DRAFTS}/{drafted}/submit", headers={"If-Match": version}), 422, "invalid", "If-Match"
    )


def test_a_part_of_the_network_that_does_not_answer(web, deputy, draft):
    web.transport.answers["intake", "draft_suggestion"] = Unavailable(
        "系统的一部分暂时没有响应，请稍后再试。"
    )
    answer = deputy.post(DRAFTS, json=draft)
    refused(answer, 503, "unavailable", "稍后再试")
    assert answer.headers["Retry-After"]


def test_a_fault_of_ours_is_logged_and_tells_no_secrets(web, deputy, draft, capsys):
    web.transport.answers["intake", "draft_suggestion"] = RuntimeError("the password is 123")
    answer = deputy.post(DRAFTS, json=draft)
    refused(answer, 500, "failed", "已经记录")
    assert "123" not in answer.text
    assert answer.headers["traceparent"][3:35] in capsys.readouterr().out


def test_people_see_a_page_instead(web):
    answer = web.browser().get("/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "没有找到" in answer.text


def test_a_question_to_the_gateway_itself_only_is_no_route(web, deputy):
    refused(deputy.get("/api/"), 404, "not-found")
    assert not any("authenticate" in rule.rule for rule in web.app.url_map.iter_rules())


def test_a_program_has_a_text_looked_at_that_is_longer_than_an_address_may_be(web, draft):
    text = {name: draft[name] for name in ("congress", "title", "analysis", "proposals")}
    answer = web.program("deputy").post("/api/findings", json={**text, "situation": "管网老化。" * 900})
    assert answer.status_code == 200
    assert {finding["field"] for finding in answer.json["findings"]} == {"analysis", "proposals"}
