"""A programmer of a city writes a plugin by docs/plugins.md: new, changed, proved, installed, found."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from program import jianyi

from services.gateway.hooks import Facts

MINUTES = 4  # a crowded machine needs two to install or to run a few tests in a process of their own
pytestmark = pytest.mark.timeout(3 * MINUTES * 60)

GUIDE = Path(__file__).parents[3] / "docs" / "plugins.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def pytest_in(folder: Path) -> str:
    """What its own tests say, with nothing of ours on the path but what is installed."""
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{GUIDE.parents[1]}"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore"], cwd=folder, env=environment, capture_output=True,
        text=True, timeout=MINUTES * 60,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """What the guide's first command writes."""
    command = blocks("sh")[0].splitlines()[0].split()
    said = jianyi(*command[1:], cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert "下一步" in said.stdout
    return tmp_path / "on_the_spot"


def test_a_new_plugin_works_as_it_is(made):
    assert "3 passed" in pytest_in(made)


def write_what_the_guide_shows(made: Path) -> None:
    for block in blocks("python"):
        path = re.match(r"# (\S+)\n", block)[1]
        (made / path).write_text(block, encoding="utf-8")


def test_the_guides_page_has_a_row_for_each_suggestion(made, monkeypatch):
    write_what_the_guide_shows(made)
    monkeypatch.syspath_prepend(str(made))
    overdue = importlib.import_module("jianyi_on_the_spot.overdue")
    [page] = overdue.Overdue().pages(settings={})
    line = SimpleNamespace(
        id="s", title="关于校园周边管理的建议", lead_unit="市教育局", next_due_on="2023-05-15", light="red"
    )
    [table] = page.content(Facts("某市", "43.01", "", date(2023, 6, 1), (line,)))
    [row] = table.rows
    assert row.cells == ("关于校园周边管理的建议", "市教育局", "2023-05-15") and row.suggestion == "s"


def test_the_guides_plugin_is_proved_installed_and_found(made, tmp_path):
    write_what_the_guide_shows(made)
    assert "3 passed" in pytest_in(made)
    target = tmp_path / "installed"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--target",
        str(target),
        ".",
    ]
    subprocess.run(install, cwd=made, check=True, timeout=MINUTES * 60)
    said = jianyi("plugin", "list", PYTHONPATH=f"{target}{os.pathsep}{GUIDE.parents[1]}")
    assert said.returncode == 0, said.stdout + said.stderr
    assert "on_the_spot" in said.stdout and "三定、三访" in said.stdout


def test_a_name_that_is_none_or_is_taken_is_refused(made):
    assert "不能作名称" in jianyi("plugin", "new", "先到现场", cwd=made.parent).stderr
    assert "已经存在" in jianyi("plugin", "new", "on_the_spot", cwd=made.parent).stderr
