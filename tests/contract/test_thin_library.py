"""A service author declares a handler in one line, and what no handler may forget comes with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from harness import TestNetwork, envelope
from marshmallow import fields

from shared.contracts import Contracts
from shared.database import backbone_tables
from shared.events import Catalogue
from shared.handlers import Handlers
from shared.identity import SYSTEM, sign
from shared.problems import NotFound
from shared.runtime import Runtime

REPO = Path(__file__).parents[2]
TRACE = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"

# Who may know nameko, eventlet or kombu, and why. All others could be carried by something else tomorrow.
KNOWN_TO = {
    "shared/bus/consumer.py": "takes events from kombu's queue, in a greenlet",
    "shared/bus/embedded.py": "kombu's transport in memory",
    "shared/bus/relay.py": "publishes through kombu, in a greenlet",
    "shared/bus/rpc.py": "nameko's RPC",
    "shared/bus/sender.py": "the connection for calls",
    "shared/bus/topology.py": "exchanges and queues, in kombu's words",
    "shared/green.py": "makes a process green",
    "shared/hub.py": "watches eventlet's hub, and gives way to it",
    "shared/service.py": "makes a runtime a nameko service",
    "services/gateway/service.py": "eventlet's web server",
    "shared/time_limit.py": "interrupts a plugin that waits in a green process",
    "jianyi/network.py": "starts nameko's containers",
    "jianyi/doctor.py": "tries whether the broker answers",
    "jianyi/insider.py": "waits as a greenlet among the services",
    "jianyi/subscribers.py": "declares the queues of systems outside",
    "services/gateway/webhooks/dispatcher.py": "posts in greenlets",
    "services/gateway/webhooks/sending.py": "a time limit for what is posted",
}


@pytest.fixture
def service(tmp_path):
    return MadeUp(tmp_path)


class MadeUp:
    """A service with three handlers, each declared in one line."""

    def __init__(self, home: Path) -> None:
        metadata = sa.MetaData()
        backbone_tables(metadata)
        self.notes = sa.Table("notes", metadata, sa.Column("text", sa.String(20)))
        contracts = Contracts("intake")
        handlers = Handlers(Catalogue("intake"), metadata)
        handlers.catalogue.event("note.kept", "Always.", {"text": "x"}, text=fields.String(required=True))

        @handlers.creates(contracts.command("forgetful", "/a", "忘", "Asks nobody."))
        def forgetful(work, data):
            work.connection.execute(sa.insert(self.notes), {"text": "forgotten"})
            work.publish("subject", "43", 1, "note.kept", text="forgotten")
            return {"id": "subject"}

        @handlers.creates(contracts.command("careful", "/b", "记", "Asks."))
        def careful(work, data):
            work.authorized = True
            work.publish("subject", "43", 1, "note.kept", text="careful")
            return {"id": "subject"}

        @handlers.on("note.told.v1")
        def hear(work, event):
            work.connection.execute(sa.insert(self.notes), {"text": event["data"]["text"]})
            work.publish("subject", "43", 2, "note.kept", text=event["data"]["text"])

        self.runtime = Runtime(handlers, TestNetwork(home, ()).settings)
        metadata.create_all(self.runtime.database.engine)

    def execute(self, command: str, **options):
        return self.runtime.execute(
            command, "", {}, token=sign(SYSTEM, self.runtime.settings.signing_key), **options
        )

    def rows(self, table: str) -> list:
        with self.runtime.database.reading() as connection:
            return list(connection.execute(sa.select(self.runtime.tables[table])))

    def measured(self, name: str, **labels: str) -> float | None:
        return self.runtime.metrics.registry.get_sample_value(name, {"service": "intake", **labels})


def told(text: str = "heard") -> dict:
    from datetime import UTC, datetime

    return {
        **envelope("note.told.v1", "subject", "43", 1, datetime.now(UTC), {"text": text}),
        "traceparent": TRACE,
    }


def test_a_command_that_asks_nobody_is_rolled_back_with_its_events(service):
    with pytest.raises(RuntimeError, match="without asking who may"):
        service.execute("forgetful")
    assert service.rows("notes") == service.rows("event_log") == service.rows("outbox") == []


def test_no_command_is_carried_out_for_who_does_not_say_who_he_is(service):
    from shared.problems import NotSignedIn

    with pytest.raises(NotSignedIn):
        service.runtime.execute("careful", "", {}, token=None)
    assert service.rows("event_log") == []


def test_what_was_not_declared_does_not_exist(service):
    with pytest.raises(NotFound):
        service.execute("unheard_of")


def test_a_handler_that_never_thinks_of_the_inbox_takes_effect_once(service):
    event = told()
    for _ in range(3):
        service.runtime.consume([event])
    assert [row.text for row in service.rows("notes")] == ["heard"]
    assert [row.event_id for row in service.rows("inbox")] == [event["id"]]
    assert len(service.rows("event_log")) == 1


def test_a_handler_that_never_thinks_of_the_trace_hands_it_on(service):
    service.execute("careful", traceparent=TRACE)
    service.runtime.consume([told()])
    assert {row.trace for row in service.rows("event_log")} == {"a" * 32}
    assert {row.trace for row in service.rows("inbox")} == {"a" * 32}
    assert all("b" * 16 not in row.body for row in service.rows("event_log")), "the parent is the step itself"


def test_a_handler_that_never_thinks_of_the_metrics_is_measured(service):
    service.execute("careful")
    with pytest.raises(RuntimeError):
        service.execute("forgetful")
    service.runtime.consume([told()])
    assert service.measured("jianyi_commands_total", command="careful", outcome="done") == 1
    assert service.measured("jianyi_commands_total", command="forgetful", outcome="failed") == 1
    assert service.measured("jianyi_command_seconds_count") == 2
    assert service.measured("jianyi_events_published_total", type="note.kept.v1") == 2
    assert service.measured("jianyi_events_consumed_total", type="note.told.v1", outcome="done") == 1
    assert service.measured("jianyi_event_lag_seconds_count") == 1


def test_few_files_know_what_carries_the_network():
    imports = re.compile(r"^\s*(?:from|import) (?:nameko|eventlet|kombu)\b", re.MULTILINE)
    files = [
        file
        for folder in ("shared", "services", "jianyi", "plugins")
        for file in (REPO / folder).rglob("*.py")
    ]
    knowing = {str(file.relative_to(REPO)) for file in files if imports.search(file.read_text())}
    assert knowing == set(KNOWN_TO)
