"""What operators read about the settings is what the program does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from shared.settings import OTHER_VARIABLES, SERVERS, Settings, load

ROOT = Path(__file__).parents[2]
VARIABLES = {f"JIANYI_{field.name.upper()}" for field in fields(Settings)}
FOR_TESTS_ONLY = {"JIANYI_TEST_DATABASE_URL"}  # set by the Makefile


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    """The variables of .env.example, all of them commented out."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert not re.search(r"^[^#\n]", text, re.MULTILINE)
    return dict(re.findall(r"^# (JIANYI_\w+)=(.*)$", text, re.MULTILINE))


def test_the_example_names_every_setting_and_no_other(example: dict[str, str]) -> None:
    assert set(example) == VARIABLES | OTHER_VARIABLES - FOR_TESTS_ONLY


def test_the_example_shows_the_defaults(example: dict[str, str]) -> None:
    servers = {f"JIANYI_{name.upper()}" for name in (*SERVERS, "broker_management_url")}
    shown = {name: value for name, value in example.items() if name in VARIABLES - servers}
    assert load(shown) == Settings()


def test_the_examples_servers_have_the_form_that_is_taken(example: dict[str, str]) -> None:
    settings = load({name: value for name, value in example.items() if name.endswith("_URL")})
    assert not settings.embedded


def test_the_manual_explains_every_setting(manual: str) -> None:
    table = manual[manual.index("### Settings") : manual.index("## Watch")]
    rows = [line for line in table.splitlines() if line.startswith("| `JIANYI_")]
    first = [row.split("|")[1] for row in rows]
    assert set(re.findall(r"JIANYI_\w+", " ".join(first))) == VARIABLES | {"JIANYI_CONFIG"}
