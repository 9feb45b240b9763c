"""What the manual tells operators to do after a broker or its queues were lost brings everything back, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from harness import PROVINCE, TestNetwork, liaison

from servers import packages, real_servers
from shared.identity import Actor, Role
from shared.operations import operate
from shared.problems import Invalid
from shared.settings import SERVICES

OPERATOR = Actor("op", "运维甲", (Role("operator", ""),))
HUNAN = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestNetwork]:
    """All services on a PostgreSQL of their own."""
    try:
        with (
            real_servers(tmp_path / "servers", {"postgresql"}, fast=True) as servers,
            servers.fresh() as addresses,
        ):
            monkeypatch.setenv("JIANYI_TEST_DATABASE_URL", addresses.database)
            network = TestNetwork(tmp_path, SERVICES)
            yield network
            network.close()
    except packages.Missing as missing:
        pytest.fail(str(missing), pytrace=False)


def copies(network: TestNetwork) -> list[str]:
    """The deputies that intake knows of."""
    intake = network.runtimes["intake"]
    with intake.database.reading() as connection:
        table = intake.tables["copies"]
        rows = connection.execute(sa.select(table.c.data).where(table.c.kind == "deputy")).all()
    return sorted(row.data["name"] for row in rows)


def handled(network: TestNetwork) -> int:
    """How many events have had their effect in intake."""
    intake = network.runtimes["intake"]
    with intake.database.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(intake.tables["inbox"])) or 0


def test_what_is_sent_again_brings_what_was_lost_and_nothing_twice(network: TestNetwork, manual: str) -> None:
    network.do(OPERATOR, "directory", "register_divisions", divisions=[HUNAN])
    network.do(liaison(), "directory", "register_deputy", congress=PROVINCE, name="代表甲")
    network.do(liaison(), "directory", "register_deputy", congress=PROVINCE, name="代表乙", settle=False)
    directory = network.runtimes["directory"]
    with directory.database.writing() as connection:  # sent, confirmed, and lost with the broker
        connection.execute(sa.delete(directory.tables["outbox"]))
    network.settle()
    assert copies(network) == ["代表甲"]
    before = handled(network)

    assert "jianyi events resend --since 2026-11-24" in manual
    asked = (directory, "resend", {"since": "2000-01-01T00:00:00+08:00"}, network.token(OPERATOR))
    assert operate(*asked)["events"] >= 3
    network.settle()

    assert copies(network) == ["代表乙", "代表甲"]
    assert handled(network) == before + 1


def test_a_period_ends_before_its_end(network: TestNetwork) -> None:
    network.do(OPERATOR, "directory", "register_divisions", divisions=[HUNAN])
    directory, token = network.runtimes["directory"], network.token(OPERATOR)
    now = directory.clock.now().isoformat()
    period = {"since": "2000-01-01T00:00:00+00:00", "until": now}
    assert operate(directory, "resend", period, token) == {"events": 0}
    with pytest.raises(Invalid, match="since 应当是一个时刻"):
        operate(directory, "resend", {"since": "昨天"}, token)
