"""A network with all services in a process of its own, to be attacked."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests
from test_front_door import REPO

from jianyi.processes import SERVICES, free_ports
from shared.identity import SYSTEM, sign

PASSWORD = "a-long-password"
LOGINS = ("deputy", "liaison", "clerk", "operator")


class Running:
    """A network with all services and one account for each role, in a process of its own."""

    def __init__(self, home: Path) -> None:
        port = free_ports(len(SERVICES) + 1)
        command = [sys.executable, str(Path(__file__).with_name("serve.py")), str(home), str(port), "all"]
        self.said = (
            home / "said"
        )  # a file: a pipe that nobody reads would be full one day, and the network stand still
        with self.said.open("w") as out:
            self.process = subprocess.Popen(
                command, env={**os.environ, "PYTHONPATH": str(REPO)}, stdout=out, stderr=out
            )
        ends = time.monotonic() + 60
        while "ready" not in self.said.read_text().splitlines():
            assert self.process.poll() is None and time.monotonic() < ends, self.said.read_text()
            time.sleep(0.05)
        self.base = f"http://127.0.0.1:{port}"
        self.tokens = {login: self._account(login) for login in LOGINS}

    def _account(self, login: str) -> str:
        if login == "deputy":
            division = {
                "path": "43",
                "code": "43",
                "name": "某省",
                "level": "province",
                "parent": "",
                "has_congress": True,
            }
            self.system("/divisions", divisions=[division])
            self.system(
                "/sessions", congress="43", term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19"
            )
        role: dict[str, str] = {"role": login, "congress": "43"}
        if login == "deputy":
            role["seat"] = self.system("/deputies", congress="43", name="代表甲")["id"]
        if login == "clerk":
            role |= {"role": "handler", "unit": self.system("/units", congress="43", name="某厅")["id"]}
        if login == "operator":
            del role["congress"]
        self.system("/accounts", login=login, name="某人", password=PASSWORD, roles=[role])
        answer = requests.post(
            f"{self.base}/api/sign-in", json={"login": login, "password": PASSWORD}, timeout=20
        )
        return str(answer.json()["token"])

    def system(self, path: str, **data: Any) -> dict[str, Any]:
        bearer = {"Authorization": f"Bearer {sign(SYSTEM, 's' * 40)}"}
        answer = requests.post(f"{self.base}/api{path}", json=data, headers=bearer, timeout=20)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())
