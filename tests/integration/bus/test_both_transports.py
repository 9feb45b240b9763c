"""The same stories of the bus in memory with SQLite, and on RabbitMQ with PostgreSQL: see stories.py."""

from __future__ import annotations

import ast
import os

import pytest
from apart import HERE, outcome_of

from jianyi.processes import new_database


def story_names() -> list[str]:
    """As stories.py lists them. Read, not imported: it would turn this process green."""
    for statement in ast.parse((HERE / "stories.py").read_text()).body:
        if isinstance(statement, ast.AnnAssign) and getattr(statement.target, "id", "") == "STORIES":
            return [name.id for name in statement.value.elts]
    raise LookupError("STORIES")


@pytest.fixture(scope="module")
def in_memory(tmp_path_factory):
    return outcome_of("stories.py", tmp_path_factory.mktemp("memory"))


@pytest.fixture(scope="module")
def on_rabbitmq(tmp_path_factory):
    database = new_database(os.environ["JIANYI_DATABASE_URL"])
    urls = {
        "JIANYI_BROKER_URL": os.environ["JIANYI_BROKER_URL"],
        "JIANYI_DATABASE_URL": database,
        "JIANYI_SEARCH_URL": os.environ["JIANYI_SEARCH_URL"],
    }
    return outcome_of("stories.py", tmp_path_factory.mktemp("rabbitmq"), **urls)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("story", story_names())
def test_in_memory(in_memory, story):
    assert in_memory[story] == ""


@pytest.mark.real
@pytest.mark.timeout(300)
@pytest.mark.parametrize("story", story_names())
def test_on_rabbitmq(on_rabbitmq, story):
    assert on_rabbitmq[story] == ""
