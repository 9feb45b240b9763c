"""Fixtures for the tests of evaluation."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from harness import PROVINCE

sys.path.insert(0, str(Path(__file__).parent))

from telling import NAMES, TAX, WATER, Elsewhere

from services.evaluation import handlers, told
from services.evaluation.model.back_to_back import FeedbackRules


@pytest.fixture
def network(network_of):
    network = network_of("evaluation", today=date(2023, 5, 15))
    network.tell(
        "congress.recorded.v1",
        PROVINCE,
        name="湖南省人民代表大会",
        short="湖南省",
        level="province",
        parent="cn",
    )
    for unit in (TAX, WATER):
        network.tell(
            "unit.recorded.v1",
            unit,
            name=NAMES[unit],
            short=NAMES[unit],
            kind="government",
            parent="",
            active=True,
        )
    return network


@pytest.fixture
def place(monkeypatch):
    """A function that lays down how the place handles feedback: `place(names="without")`."""

    def lay_down(**rules):
        for module in (handlers, told):
            monkeypatch.setattr(module, "feedback_rules", lambda work, congress, on: FeedbackRules(**rules))

    return lay_down


@pytest.fixture
def elsewhere(network):
    return Elsewhere(network)
