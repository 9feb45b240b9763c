"""Every REST operation of a running network is sent what its OpenAPI description allows, and what it does not, as each role.

Whatever comes: no fault, a status that the description names, JSON for answers and problem details in Chinese for refusals.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from test_front_door import REPO, free_port

from shared.identity import SYSTEM, sign

pytestmark = pytest.mark.embedded

PASSWORD = "a-long-password"
LOGINS = ("deputy", "liaison", "clerk", "operator")
EXAMPLES = 2  # for each of some ninety operations; a thousand for each found nothing more
CHINESE = re.compile("[\u4e00-\u9fff]")


class Running:
    """A network with all services and one account for each role, in a process of its own."""

    def __init__(self, home: Path) -> None:
        port = free_port()
        command = [sys.executable, str(Path(__file__).with_name("serve.py")), str(home), str(port), "all"]
        self.process = subprocess.Popen(command, env={"PYTHONPATH": str(REPO), "PATH": ""}, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout and self.process.stdout.readline().strip() == "ready"
        self.base = f"http://127.0.0.1:{port}"
        self.tokens = {login: self._account(login) for login in LOGINS}

    def _account(self, login: str) -> str:
        if login == "deputy":
            division = {"path": "43", "code": "43", "name": "某省", "level": "province", "parent": "", "has_congress": True}
            self.system("/divisions", divisions=[division])
            self.system("/sessions", congress="43", term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")
        role: dict[str, str] = {"role": login, "congress": "43"}
        if login == "deputy":
            role["seat"] = self.system("/deputies", congress="43", name="代表甲")["id"]
        if login == "clerk":
            role |= {"role": "handler", "unit": self.system("/units", congress="43", name="某厅")["id"]}
        if login == "operator":
            del role["congress"]
        self.system("/accounts", login=login, name="某人", password=PASSWORD, roles=[role])
        answer = requests.post(f"{self.base}/api/sign-in", json={"login": login, "password": PASSWORD}, timeout=20)
        return str(answer.json()["token"])

    def system(self, path: str, **data: Any) -> dict[str, Any]:
        bearer = {"Authorization": f"Bearer {sign(SYSTEM, 's' * 40)}"}
        answer = requests.post(f"{self.base}/api{path}", json=data, headers=bearer, timeout=20)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture(scope="module")
def network(tmp_path_factory: Any) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("attacked"))
    yield running
    running.process.terminate()
    running.process.wait(30)


@pytest.mark.timeout(300)
def test_nothing_that_the_description_allows_or_forbids_is_answered_otherwise_than_it_says(network: Running) -> None:
    load_all_checks()
    names = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
    checks = CHECKS.get_by_names(names)
    described = schemathesis.openapi.from_url(f"{network.base}/api/openapi.json")
    for result in described.get_all_operations():
        operation = result.ok()
        if operation.path == "/api/sign-out":  # it would end the sessions that the rest is tried with
            continue
        cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        cases |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=cases, login=st.sampled_from(LOGINS))
        def attack(case: Any, login: str) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {network.tokens[login]}"}, timeout=30)
            case.validate_response(answer, checks=checks)
            if answer.status_code >= 400 and answer.headers["content-type"][0] != XLSX:
                assert answer.headers["content-type"] == ["application/problem+json"]
                assert CHINESE.search(answer.json()["detail"])

        attack()


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
