"""What of the machine the real servers and the browser tests need, and how to get what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


class Missing(Exception):
    """Something is not installed and we may not install it; the text says the one command that would."""


@dataclass(frozen=True)
class Part:
    """One thing that is needed, how to find it, and the Debian packages that bring it."""

    name: str
    needed_for: str
    find: Callable[[], Path | None]
    packages: tuple[str, ...]


def program(name: str, *folders: str) -> Path | None:
    """Find a program in `folders` (newest version first where a folder has a *), or else on the PATH."""
    for folder in folders:
        for found in sorted(Path("/").glob(f"{folder.lstrip('/')}/{name}"), key=_version, reverse=True):
            if os.access(found, os.X_OK):
                return found
    on_path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return Path(on_path) if on_path else None


def _version(path: Path) -> list[int]:
    return [int(part) for part in path.parts if part.isdigit()]


def rabbitmq_program(name: str = "rabbitmq-server") -> Path | None:
    """The program itself: Debian's wrapper on the PATH would run it as another user, on the system's data."""
    return program(name, "/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin")


def postgresql_program(name: str = "postgres") -> Path | None:
    """Debian keeps the server's programs of each version off the PATH."""
    return program(name, "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")


def chromium_path() -> Path | None:
    """The browser for tests, or None."""
    if given := os.environ.get("JIANYI_CHROMIUM"):
        return Path(given)
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((found for name in names if (found := program(name))), None)


def chinese_font() -> Path | None:
    """A font with Chinese characters; without one, screenshots show empty boxes."""
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    names = ("NotoSansCJK*", "NotoSansSC*", "SourceHanSans*", "wqy-*", "DroidSansFallback*")
    return next((found for folder in folders for name in names for found in folder.rglob(name)), None)


def atomic_library() -> Path | None:
    """A library that the Node.js of Playwright needs on Linux, and that a minimal Debian has not."""
    if sys.platform != "linux":
        return Path(sys.prefix)  # it is complete there
    folders = ("usr/lib", "usr/lib/*", "usr/lib64", "lib", "lib/*", "lib64")
    return next((found for folder in folders for found in Path("/").glob(f"{folder}/libatomic.so.1")), None)


PARTS = {
    part.name: part
    for part in (
        Part("rabbitmq", "the broker", rabbitmq_program, ("rabbitmq-server",)),
        Part("postgresql", "the database", postgresql_program, ("postgresql",)),
        Part("java", "Elasticsearch", lambda: program("javac"), ("default-jdk-headless",)),
        Part("maven", "Elasticsearch's jars", lambda: program("mvn"), ("maven",)),
        Part(
            "go",
            "toxiproxy, which cuts connections",
            lambda: program("go", "/usr/local/go/bin"),
            ("golang-go",),
        ),
        Part("chromium", "browser tests", chromium_path, ("chromium",)),
        Part("libatomic", "Playwright, which drives the browser", atomic_library, ("libatomic1",)),
        Part("chinese-font", "screenshots", chinese_font, ("fonts-noto-cjk",)),
        Part("promtool", "tests of the alert rules", lambda: program("promtool"), ("prometheus",)),
    )
}


def missing(names: Iterable[str] = PARTS) -> list[Part]:
    """Those of the parts that are not on this machine."""
    return [PARTS[name] for name in names if PARTS[name].find() is None]


def install_command(parts: Iterable[Part]) -> list[str]:
    """The one command that installs these parts on Debian and its kin."""
    packages = [package for part in parts for package in part.packages]
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def install(names: Iterable[str] = PARTS) -> None:
    """Install what is missing where we may; raises Missing with the command to type where we may not."""
    parts = missing(names)
    if not parts:
        return
    command = install_command(parts)
    listed = ", ".join(f"{part.name} (for {part.needed_for})" for part in parts)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"Not on this machine: {listed}. Install with:\n  sudo {' '.join(command)}")
    print(f"Installing {listed} ...", flush=True)
    environment = os.environ | {
        "DEBIAN_FRONTEND": "noninteractive",
        "RUNLEVEL": "1",  # the packages' own servers stay off: ours have their own ports and data
    }
    command[1:1] = ["-q", "-o", "DPkg::Lock::Timeout=600"]
    # A fresh machine has no package lists, and old ones name files that are gone: fetch them when it fails.
    for before in ([], ["apt-get", "update", "-q"]):
        if before:
            subprocess.run(before, env=environment, capture_output=True, check=False)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0 and not missing(names):
            return
    raise Missing(f"Could not install {listed}:\n{(done.stdout + done.stderr)[-2000:]}")
