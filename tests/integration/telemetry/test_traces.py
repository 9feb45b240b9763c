"""One trace from the caller's request to the last consequence, as a collector of traces sees it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from collector import Collector
from hubs import blocked

from jianyi import lives
from jianyi.client import Client
from jianyi.processes import SERVICES, Processes, free_ports, processes_of
from shared.settings import Settings

STATE = "vendor=a1b2,other=c3"
PROVINCE = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}


@dataclass
class Traced:
    """A running network, its people, and what a command of theirs sets off in a trace of the caller's."""

    processes: Processes
    system: Client
    players: lives.Players
    suggestion: str = ""

    def post(self, who: Client, path: str, data: dict[str, Any], flags: str = "01") -> tuple[str, str]:
        """(trace id, the caller's span id) of a command given within a trace."""
        trace, span = secrets.token_hex(16), secrets.token_hex(8)
        headers = {
            "Authorization": f"Bearer {who.token}",
            "traceparent": f"00-{trace}-{span}-{flags}",
            "tracestate": STATE,
        }
        self.answer = requests.post(f"{who.base}/api{path}", json=data, headers=headers, timeout=30)
        return trace, span

    def events(self, service: str, type: str) -> list[dict[str, Any]]:
        page = self.system.operate(service, "tail", limit=100)
        return [entry["event"] for entry in page if entry["event"]["type"] == type]


def network(tmp_path_factory, endpoint: str):
    settings = Settings(
        home=tmp_path_factory.mktemp("traced"),
        port=free_ports(len(SERVICES) + 1),
        secret=secrets.token_urlsafe(40),
        clock="case",
    )
    processes = processes_of(settings, real=False)
    processes.environment |= {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    processes.start("network")
    processes.wait_until_ready()
    system = Client.as_system(settings)
    system.command("/divisions", divisions=[PROVINCE])
    return Traced(processes, system, lives.cast(system, "43", "traced"))


@pytest.fixture(scope="module")
def collector():
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture(scope="module")
def traced(tmp_path_factory, collector):
    traced = network(tmp_path_factory, collector.endpoint)
    yield traced
    traced.processes.stop()


@pytest.fixture(scope="module")
def assigned(traced):
    """A suggestion that was assigned within a trace: what was answered, and the trace with the caller's span."""
    life = lives.Life(traced.players, "traced")
    life.submit()
    life._step(traced.players.liaison, "accept")
    traced.suggestion = life.id
    told = traced.post(
        traced.players.liaison, f"/suggestions/{life.id}/assign", {"lead": traced.players.unit}
    )
    assert traced.answer.status_code == 200, traced.answer.text
    return told


def test_each_step_stands_under_the_one_that_caused_it(traced, collector, assigned):
    trace, caller = assigned
    request = collector.await_span(trace, "gateway", "POST /api/suggestions/<id:id>/assign")
    command = collector.await_span(trace, "assignment", "assign_suggestion")
    heard = collector.await_span(trace, "supervision", "suggestion.assigned.v1")
    consequence = collector.await_span(trace, "evaluation", "deadline.set.v1")
    assert (request.parent, command.parent, heard.parent) == (caller, request.id, command.id)
    assert consequence.parent == heard.id


def test_the_answer_names_the_request_in_the_trace(traced, collector, assigned):
    trace, _ = assigned
    request = collector.await_span(trace, "gateway", "POST /api/suggestions/<id:id>/assign")
    assert traced.answer.headers["traceparent"] == f"00-{trace}-{request.id}-01"


def test_what_others_noted_in_the_trace_is_handed_on_to_the_last_consequence(traced, collector, assigned):
    trace, _ = assigned
    assert collector.await_span(trace, "evaluation", "deadline.set.v1").state == STATE
    [event] = [e for e in traced.events("assignment", "suggestion.assigned.v1") if trace in e["traceparent"]]
    assert event["tracestate"] == STATE


def test_a_relays_batch_is_linked_to_the_commands_that_it_serves(collector, assigned):
    trace, _ = assigned
    command = collector.await_span(trace, "assignment", "assign_suggestion")
    collector.await_span(trace, "supervision", "suggestion.assigned.v1")
    linked = {link for span in collector.spans if span.name == "relay batch" for link in span.links}
    assert f"{trace}/{command.id}" in linked


def test_a_refusal_is_an_answer_and_not_a_fault(traced, collector, assigned):
    path = f"/suggestions/{traced.suggestion}/assign"
    trace, _ = traced.post(traced.players.liaison, path, {"lead": traced.players.unit})
    assert traced.answer.status_code == 409
    assert not collector.await_span(trace, "assignment", "assign_suggestion").failed


def test_a_trace_that_the_caller_does_not_keep_is_not_exported_but_goes_on(traced, collector):
    draft = {"congress": "43", **lives.TEXT}
    trace, _ = traced.post(traced.players.deputy, "/suggestions", draft, flags="00")
    kept, _ = traced.post(traced.players.deputy, "/suggestions", draft)
    collector.await_span(kept, "intake", "draft_suggestion")
    assert collector.of(trace) == []
    [event] = [e for e in traced.events("intake", "suggestion.drafted.v1") if trace in e["traceparent"]]
    assert event["traceparent"].endswith("-00")
    assert event["tracestate"] == STATE


def test_a_collector_that_is_away_costs_no_command(tmp_path_factory):
    traced = network(tmp_path_factory, f"http://127.0.0.1:{free_ports(1)}")
    try:
        life = lives.Life(traced.players, "alone")
        life.submit()
        life.reply()
        assert blocked(traced.processes) == []
    finally:
        traced.processes.stop()
