"""Every command explains itself, with an example."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer.main
from program import done, jianyi
from typer.core import TyperGroup

from jianyi.cli.commands import app


def commands(group: TyperGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, (*path, name))
        elif not command.hidden:
            yield (*path, name)


ALL = list(commands(typer.main.get_command(app)))  # type: ignore[arg-type]


def test_all_commands_are_here():
    listed = {" ".join(path) for path in ALL}
    assert listed == {
        "run", "walk", "serve", "migrate", "import ledger", "export ledger", "rebuild", "dead-letters list",
        "dead-letters show", "dead-letters replay", "dead-letters drop", "dead-letters dropped", "events tail", "events resend", "account add", "doctor",
        "subscriber add", "subscriber list", "subscriber password", "subscriber remove", "plugin list", "plugin new",
    }  # fmt: skip


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_shows_an_example(path: tuple[str, ...]):
    assert f"例：jianyi {' '.join(path)}" in done(jianyi(*path, "--help", COLUMNS="200"))


def test_without_a_utf8_locale_the_words_are_the_same():
    assert "一台电脑" in done(
        jianyi("run", "--help", LC_ALL="POSIX", LANG="", PYTHONUTF8="0", PYTHONIOENCODING="")
    )


@pytest.mark.parametrize(
    "wrong", [["fly"], ["import", "ledger"], ["rebuild"], ["events", "tail", "--limit", "-1"]]
)
def test_a_wrong_call_is_no_success(wrong: list[str]):
    assert jianyi(*wrong).returncode == 2
