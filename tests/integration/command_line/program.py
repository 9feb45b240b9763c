"""The real program as an operator runs it: its words, and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from jianyi.client import Client
from jianyi.processes import Processes

Said = subprocess.CompletedProcess[str]
SECONDS = 60
COUNTY = "43.01.81"  # the congress of `Office`


def jianyi(*arguments: str, cwd: Path | None = None, **environment: str) -> Said:
    """Run the program with nothing set but what is given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIANYI_")}
    return subprocess.run(
        [sys.executable, "-m", "jianyi", *arguments], env=inherited | environment, cwd=cwd, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, check=False,
    )  # fmt: skip


def refusal(said: Said) -> str:
    """The sentence with which the program refused: exit code 1, on standard error, and no traceback."""
    assert said.returncode == 1, said.stdout + said.stderr
    assert "Traceback" not in said.stderr, said.stderr
    assert "没有办成" in said.stderr or "没有导入" in said.stderr, said.stderr
    return said.stderr


def done(said: Said) -> str:
    """What the program said that it did."""
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


@dataclass
class Office:
    """A network without demo in a process of its own, with one county's congress, and the commands beside it."""

    processes: Processes
    home: Path
    port: int

    def jianyi(self, *arguments: str, **environment: str) -> Said:
        where = {"JIANYI_HOME": str(self.home), "JIANYI_PORT": str(self.port)}
        return jianyi(*arguments, **{**where, **environment})

    @property
    def system(self) -> Client:
        return Client.as_system(self.processes.settings)
