"""Every REST operation of a running network is sent what its OpenAPI description allows, and what it does not, as each role.

Whatever comes: no fault, a status that the description names, JSON for answers and problem details in Chinese for refusals.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from running import LOGINS, Running
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

pytestmark = pytest.mark.embedded

EXAMPLES = 2  # for each of some ninety operations; twice as many found nothing more
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.timeout(300)
def test_nothing_that_the_description_allows_or_forbids_is_answered_otherwise_than_it_says(
    network: Running,
) -> None:
    load_all_checks()
    names = [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
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
