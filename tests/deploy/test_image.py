"""The Dockerfile does what scripts/bootstrap does. No engine builds it here: what can be compared is compared."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
BOOTSTRAP = (ROOT / "scripts/bootstrap").read_text()


def test_the_web_assets_are_those_of_the_bootstrap() -> None:
    listed = re.search(r"^assets='\n(.*?)'", BOOTSTRAP, re.MULTILINE | re.DOTALL)
    assert listed
    assert re.findall(r"/assets/node_modules/(\S+)", DOCKERFILE) == listed[1].split()


def test_packages_come_from_the_lock_with_their_hashes() -> None:
    installs = re.findall(r"pip install (.*)", DOCKERFILE)
    assert len(installs) == 2
    assert installs[0] == "--require-hashes --only-binary :all: -r requirements.lock"
    assert installs[1].startswith("--no-deps --no-build-isolation --editable .")


def test_what_is_copied_is_there_and_let_through() -> None:
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    for name in let_through:
        assert (ROOT / name).exists(), name
    copied = [
        word
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for word in line.split()[:-1]
    ]
    assert set(copied) - {"."} <= set(let_through)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"benchmarks", "servers", "soak"}
    assert packages <= set(let_through)


def test_it_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.search(r"^USER 10001:10001$", last_stage, re.MULTILINE)
    assert 'ENTRYPOINT ["jianyi"]' in last_stage


def test_no_registry_is_named() -> None:
    for name in ("Dockerfile", ".dockerignore"):
        assert not re.search(r"https?://", (ROOT / name).read_text())
