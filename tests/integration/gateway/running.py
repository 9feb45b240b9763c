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
        first = f"{PASSWORD}-handed-out" if "seat" in role else PASSWORD
        opened = self.system("/accounts", login=login, name="某人", password=first, roles=[role])
        for told in opened.get("codes", ()):
            bearer = {"Authorization": f"Bearer {self._token(login, first)}"}
            claim = {"code": told["code"], "password": PASSWORD}
            path = f"{self.base}/api/accounts/{opened['id']}/claim"
            answer = requests.post(path, json=claim, headers=bearer, timeout=20)
            assert answer.status_code == 200, answer.text
        return self._token(login, PASSWORD)

    def _token(self, login: str, password: str) -> str:
        data = {"login": login, "password": password}
        return str(requests.post(f"{self.base}/api/sign-in", json=data, timeout=20).json()["token"])

    def system(self, path: str, **data: Any) -> dict[str, Any]:
        bearer = {"Authorization": f"Bearer {sign(SYSTEM, 's' * 40)}"}
        answer = requests.post(f"{self.base}/api{path}", json=data, headers=bearer, timeout=20)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())
