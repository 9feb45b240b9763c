"""A network of made-up services with the whole backbone: one tells notes, one keeps what it hears, five do nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from eventlet.patcher import original
from marshmallow import fields
from nameko import config
from nameko.containers import ServiceContainer

from shared.bus import embedded, rpc
from shared.bus.sender import sender
from shared.contracts import Contracts
from shared.database import backbone_tables
from shared.events import Catalogue
from shared.handlers import Handlers, Projection
from shared.identity import SYSTEM, sign
from shared.runtime import Runtime
from shared.service import Backbone, Service
from shared.settings import SERVICES, Settings
from shared.work import Work

TELLER, LISTENER = "intake", "search"
contracts = Contracts(TELLER)
TELL = contracts.command(
    "tell", "/notes", "告知", "Tell notes.", subject=fields.String(), numbers=fields.List(fields.Integer())
)
FAILS: Counter[tuple[str, int]] = Counter()  # how often a note shall still fail, by subject and number
BLOCKS: set[str] = set()  # subjects whose handling blocks the hub on purpose


def handlers_of(service: str) -> Handlers:
    metadata = sa.MetaData()
    backbone_tables(metadata)
    return Handlers(Catalogue(service), metadata)


handlers = {service: handlers_of(service) for service in SERVICES}
teller, listener = handlers[TELLER], handlers[LISTENER]
teller.catalogue.event(
    "note.told", "When a test tells it.", {"number": 1}, number=fields.Integer(required=True)
)
heard = sa.Table(
    "heard",
    listener.metadata,
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("subject", sa.String(36), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
)


@teller.creates(TELL)
def tell(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    work.authorized = True
    for number in data["numbers"]:
        work.publish(data["subject"], "43", number, "note.told", number=number)
    return {"id": data["subject"], "version": 1, "state": ""}


@listener.on("note.told.v1")
def hear(work: Work, event: dict[str, Any]) -> None:
    note = (event["subject"], event["data"]["number"])
    if event["subject"] in BLOCKS:
        block_on_purpose()
    work.connection.execute(sa.insert(heard), {"subject": note[0], "number": note[1]})
    if FAILS[note] > 0:  # after its effect, which has to be undone
        FAILS[note] -= 1
        raise ValueError(f"note {note[1]} cannot be heard")


def block_on_purpose() -> None:
    original("time").sleep(0.5)


listener.projects(Projection("heard", (heard,), lambda: [("note.told.v1", hear)], sources=(TELLER,)))


class MadeUpNetwork:
    """The services on one broker; `kill` is what a power cut is to them: nothing is said or written any more."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        embedded.install()
        rpc.configure(settings.broker)
        config["jianyi.settings"], config["jianyi.clock"], config["jianyi.services"] = (
            settings,
            None,
            SERVICES,
        )
        for service in SERVICES:
            runtime = Runtime(handlers[service], settings)
            if not runtime.database.is_sqlite:
                with runtime.database.engine.begin() as connection:
                    connection.execute(sa.text(f'CREATE SCHEMA "{service}"'))
            handlers[service].metadata.create_all(runtime.database.engine)
            runtime.database.close()
        self.containers: dict[str, ServiceContainer] = {}

    def start(self, *services: str) -> None:
        if self.settings.embedded:
            rpc.declare_queues(self.settings.broker, services)
        for service in services:
            attributes = {"name": service, "backbone": Backbone(handlers[service])}
            self.containers[service] = ServiceContainer(type(service.title(), (Service,), attributes))
            self.containers[service].start()

    def stop(self, *services: str) -> None:
        for service in services:
            self.containers.pop(service).stop()

    def kill(self) -> None:
        for service in SERVICES:
            backbone = self.backbone(service)
            self.containers.pop(service).kill()
            backbone._port.close()
            backbone.runtime.database.close()
        embedded.BROKERS.pop(self.settings.broker.removeprefix("memory://"), None)
        sender.cache_clear()

    def backbone(self, service: str) -> Any:
        return next(d for d in self.containers[service].dependencies if d.attr_name == "backbone")

    def call(self, service: str, method: str, *args: Any) -> Any:
        token = sign(SYSTEM, self.settings.signing_key)
        return self.backbone(TELLER).network.call(service, method, *args, token=token)

    def tell(self, subject: str, *numbers: int) -> None:
        self.call(TELLER, "execute", "tell", "", {"subject": subject, "numbers": list(numbers)}, None, None)

    def heard(self, subject: str) -> list[int]:
        """What the listener has heard of a subject, in the order of its transactions."""
        query = sa.select(heard.c.number).where(heard.c.subject == subject).order_by(heard.c.position)
        return self.rows(LISTENER, query)

    def rows(self, service: str, query: Any) -> list[Any]:
        with self.backbone(service).runtime.database.reading() as connection:
            return list(connection.scalars(query))
