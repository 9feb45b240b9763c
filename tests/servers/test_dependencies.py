"""What the project takes from others is locked, written down and addressed to no server in particular."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock", "package-lock.json")


def direct() -> dict[str, str]:
    """Name and version of every direct dependency."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    listed = project["dependencies"] + project["optional-dependencies"]["dev"]
    package = json.loads((TOP / "package.json").read_text())
    return dict(line.split("==") for line in listed) | package["dependencies"] | package["devDependencies"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_address(name: str) -> None:
    assert not re.findall(r"https?://\S+|--index-url|--find-links", (TOP / name).read_text())


def test_every_direct_dependency_is_locked_at_its_version() -> None:
    locked = (TOP / "requirements-dev.lock").read_text()
    web = json.loads((TOP / "package-lock.json").read_text())["packages"]
    for name, version in direct().items():
        in_web = web.get(f"node_modules/{name}", {}).get("version") == version
        assert in_web or f"\n{name}=={version} " in locked, f"{name} {version}: run make lock"


def test_what_runs_is_tested_in_the_same_version() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==\S+", (TOP / name).read_text(), flags=re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_direct_dependency_is_explained() -> None:
    told = (TOP / "docs" / "dependencies.md").read_text().lower()
    unexplained = [
        name for name in direct() if not re.search(rf"\b{name.removesuffix('.org').lstrip('@')}\b", told)
    ]
    assert not unexplained
