"""Who may install what is missing does not notice; who may not is told the one command that would."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from servers import packages


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which the broker and the font are missing, and the rest is there."""
    for name, part in packages.PARTS.items():
        there = None if name in ("rabbitmq", "chinese-font") else Path("/usr/bin/true")
        fake = packages.Part(part.name, part.needed_for, lambda there=there: there, part.packages)
        monkeypatch.setitem(packages.PARTS, name, fake)


def test_without_the_right_to_install_one_command_is_named(
    bare_machine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(packages.Missing) as told:
        packages.install()
    last_line = str(told.value).splitlines()[-1].strip()
    assert last_line == "sudo apt-get install -y --no-install-recommends rabbitmq-server fonts-noto-cjk"


def test_what_is_there_is_not_installed_again(bare_machine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    packages.install(["postgresql", "chromium"])
    assert [part.name for part in packages.missing()] == ["rabbitmq", "chinese-font"]


def test_of_several_versions_of_a_program_the_newest_is_taken(tmp_path: Path) -> None:
    for version in ("9", "15", "16"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        (folder / "postgres").touch(mode=0o755)
    (tmp_path / "16" / "bin" / "postgres").chmod(0o644)  # cannot be run
    assert packages.program("postgres", f"{tmp_path}/*/bin") == tmp_path / "15" / "bin" / "postgres"
