"""What the tests of the deployment need of the machine: kubectl and promtool, installed when that is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from servers import packages

ROOT = Path(__file__).parents[2]

# Any kubectl will do, also Debian's of 2021; a newer one on the PATH is taken as it is.
packages.PARTS.setdefault(
    "kubectl",
    packages.Part(
        "kubectl", "tests of the manifests", lambda: packages.program("kubectl"), ("kubernetes-client",)
    ),
)


def installed(name: str) -> str:
    """The path of a program. Fails, with the command that would install it, where it is missing and may not be installed."""
    try:
        packages.install([name])
    except packages.Missing as missing:
        pytest.fail(str(missing), pytrace=False)
    return str(packages.PARTS[name].find())


@pytest.fixture(scope="session")
def kubectl() -> str:
    return installed("kubectl")


@pytest.fixture(scope="session")
def promtool() -> str:
    return installed("promtool")


@pytest.fixture(scope="session")
def deploy() -> Path:
    return ROOT / "deploy"


@pytest.fixture(scope="session")
def manual() -> str:
    """The operators' manual."""
    return (ROOT / "docs/operators.md").read_text(encoding="utf-8")
