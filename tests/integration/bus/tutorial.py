"""The services of docs/tutorial-new-event.md, run as the page says, beside one that reads the first version for good.

`python tutorial.py HOME PORT PART`, with JIANYI_BROKER_URL and JIANYI_DATABASE_URL or embedded. PART 1 is the page up to its third
section, PART 2 the whole page on the same data, and 3 the same with the first version retired. Prints what happened as JSON.
"""

from shared.green import patch

patch()

import ast  # noqa: E402
import re  # noqa: E402
import sys  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from shared import settings as all_settings  # noqa: E402

SERVICES = ("stations", "visits", "media")
all_settings.SERVICES = SERVICES  # this network's, before anybody asks which there are

import eventlet  # noqa: E402
import kombu  # noqa: E402
import orjson  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from apart import leave  # noqa: E402

import services  # noqa: E402
from jianyi.insider import Insider  # noqa: E402
from jianyi.network import RunningNetwork  # noqa: E402
from shared import upcasting  # noqa: E402
from shared.bus.topology import queue_of  # noqa: E402
from shared.database import Database  # noqa: E402
from shared.identity import Actor, Role, sign  # noqa: E402

PAGE = Path(__file__).parents[3] / "docs" / "tutorial-new-event.md"
OFFICE = Actor("office", "联工委甲", (Role("liaison", "43"),))
RECEPTION = {
    "congress": "43", "station": "小河代表联络站", "deputy": {"id": "a1", "name": "代表甲"}, "voters": 3,
}  # fmt: skip

MEDIA = """
import sqlalchemy as sa

from services.media.events import catalogue
from shared.database import backbone_tables
from shared.handlers import Handlers

metadata = sa.MetaData()
backbone_tables(metadata)
seen = sa.Table(
    "seen", metadata, sa.Column("event", sa.String(36), primary_key=True), sa.Column("type", sa.String(64)),
    sa.Column("station", sa.String(64)),
)
handlers = Handlers(catalogue, metadata)


@handlers.on("reception.held.v1")
def note(work, event):
    row = {"event": event["id"], "type": event["type"], "station": event["data"]["station"]}
    work.connection.execute(sa.insert(seen), row)
"""

SERVICE = """
from services.{name}.handlers import handlers
from shared.service import Backbone, Service


class {Name}Service(Service):
    name = "{name}"
    backbone = Backbone(handlers)
"""


def main() -> None:
    home, port, part = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    write_services(home / "code", part)
    settings = replace(all_settings.load(), home=home, port=port, secret="s" * 40)
    network = RunningNetwork(settings, SERVICES)
    if part == 1:
        for service in SERVICES:
            create_tables(service, settings)
    network.start()
    try:
        leave(home, story(network, part))
    finally:
        network.stop()
        if part == 3 and settings.broker_url:
            with kombu.Connection(settings.broker) as connection:
                for service in SERVICES:
                    queue_of(service, ())(connection.channel()).delete()


def write_services(folder: Path, part: int) -> None:
    """What the page says, as files; the steps between versions go where the page says."""
    files = {
        "services/media/handlers.py": MEDIA,
        "services/media/events.py": 'from shared.events import Catalogue\n\ncatalogue = Catalogue("media")\n',
    }
    page = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n# (\S+\.py)(?:, ([^\n]+))?\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == page.count("```python"), "every piece of code on the page says where it belongs"
    for path, how, code in blocks:
        if not how:
            files[path] = code
        elif part > 1:
            files[path] = (
                files.get(path, "") + "\n\n" + code
                if how == "below it"
                else in_place_of(files[path], how.removesuffix(" anew"), code)
            )
    exec(files.pop("shared/upcasting.py", ""), vars(upcasting))
    if part == 3:
        files["services/stations/events.py"] += '\ncatalogue.retire("reception.held.v1")\n'
    for name in SERVICES:
        files[f"services/{name}/service.py"] = SERVICE.format(name=name, Name=name.capitalize())
        files[f"services/{name}/__init__.py"] = ""
    for path, code in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(code, encoding="utf-8")
    services.__path__.append(str(folder / "services"))


def in_place_of(code: str, function: str, new: str) -> str:
    node = next(n for n in ast.parse(code).body if isinstance(n, ast.FunctionDef) and n.name == function)
    lines = code.splitlines(keepends=True)
    return "".join([*lines[: node.decorator_list[0].lineno - 1], new, *lines[node.end_lineno :]])


def create_tables(service: str, settings: all_settings.Settings) -> None:
    handlers = __import__(f"services.{service}.handlers", fromlist=["handlers"]).handlers
    database = Database(settings.database(service), service)
    if settings.database_url:
        with database.engine.begin() as connection:
            connection.execute(sa.text(f'CREATE SCHEMA "{service}"'))
    handlers.metadata.create_all(database.engine)
    database.close()


def story(network: RunningNetwork, part: int) -> dict[str, Any]:
    """One reception more is held, its events arrive, and then the count is made anew from the log."""
    insider = Insider(network.backbone("stations").network, network.settings)
    token = sign(OFFICE, network.settings.signing_key)
    call = ("hold_reception", "", {**RECEPTION, "voters": part}, None, None)
    insider.network.call("stations", "execute", *call, token=token)
    wait_until(lambda: len(rows(network, "visits", "received")) == part)
    wait_until(lambda: len(rows(network, "media", "seen")) == min(part, 2))
    wait_until(lambda: rows(network, "stations", "outbox") == [])
    counted = rows(network, "visits", "received")
    insider.operate("visits", "rebuild", what="receptions")
    wait_until(lambda: insider.operate("visits", "rebuild_status", what="receptions")["state"] == "done")
    log = [orjson.loads(row["body"]) for row in rows(network, "stations", "event_log")]
    return {
        "told": [event["type"] for event in log],
        "sequences": [event["sequence"] for event in log],
        "ids": len({event["id"] for event in log}),
        "twins": [[e["twinof"] for e in log if "twinof" in e], [e["id"] for e in log if e["type"].endswith("2") and "versions" in e]],
        "counted": sorted([row["station"], row["voters"]] for row in counted),
        "the same when rebuilt": counted == rows(network, "visits", "received"),
        "read by who stays with the first": [[row["type"], row["station"]] for row in rows(network, "media", "seen")],
        "failures": [len(rows(network, service, "failures")) for service in SERVICES],
    }  # fmt: skip


def rows(network: RunningNetwork, service: str, table: str) -> list[dict[str, Any]]:
    runtime = network.backbone(service).runtime
    found = runtime.tables[table]
    with runtime.database.reading() as connection:
        query = sa.select(found).order_by(*found.primary_key.columns)
        return [dict(row._mapping) for row in connection.execute(query)]


def wait_until(condition: Any) -> None:
    with eventlet.Timeout(30):
        while not condition():
            eventlet.sleep(0.02)


if __name__ == "__main__":
    main()
