"""The walk through the real case ends well: embedded, and with each service in a process of its own on real servers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(300)


def walk(home: Path, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "jianyi", "walk", *options], env={**os.environ, "JIANYI_HOME": str(home)}, capture_output=True,
        text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_embedded(tmp_path):
    told = walk(tmp_path)
    assert "进度 已公开" in told and "面商率 1/1" in told and "其中有本件" in told


@pytest.mark.real
def test_on_real_servers(tmp_path):
    assert os.environ.get("JIANYI_BROKER_URL"), "run by `make test`, which starts the servers"
    told = walk(tmp_path, "--real")
    assert "7 个进程" in told and "进度 已公开" in told


@pytest.mark.parametrize(
    ("practice", "words"),
    [
        ("hunan", "系统建议采取“督办通知”，等人决定"),
        ("civil-affairs", "还有环节没有完成：政策创制"),
        ("liuyang", "仍然不知道谁说了什么"),
    ],
)
def test_a_places_practice(tmp_path, practice, words):
    assert words in walk(tmp_path, "--practice", practice)
