"""Webhooks are a way out like the others: how deputies judge goes to who has the right to it, as long as he has it."""

from __future__ import annotations

from datetime import date

import pytest
from harness import COUNTY, PROVINCE, envelope

from services.gateway.webhooks.model import Webhook
from shared.clock import at
from shared.identity import Actor, Role

NOW = at(date(2023, 5, 20))
HEARS, JUDGEMENTS = Role("integrator", PROVINCE), Role("judgements", PROVINCE)
JUDGED = envelope("feedback.given.v1", "s", COUNTY, 1, NOW, {})
SILENT = envelope("reminder.sent.v1", "s", COUNTY, 2, NOW, {"deputy": {"id": "d", "name": "代表甲"}})
REMINDED = envelope("reminder.sent.v1", "s", COUNTY, 3, NOW, {"deputy": None})


def webhook(*roles: Role) -> Webhook:
    data = {
        "jurisdiction": PROVINCE,
        "url": "https://example.com",
        "types": [],
        "description": "",
        "starts": {},
    }
    return Webhook.create("w", Actor("a", "某系统", roles), NOW, data)


def heard(hook: Webhook) -> list[bool]:
    return [hook.wants("evaluation", 1, event) for event in (JUDGED, SILENT, REMINDED)]


@pytest.mark.parametrize(
    ("roles", "hears"),
    [
        ((HEARS,), [False, False, True]),
        ((HEARS, JUDGEMENTS), [True, True, True]),
        (
            (HEARS, Role("judgements", COUNTY)),
            [False, False, True],
        ),  # the webhook reaches further than the right
        ((Role("operator", ""),), [False, False, True]),
        ((Role("operator", ""), JUDGEMENTS), [True, True, True]),
    ],
)
def test_a_webhook_gets_judgements_by_its_owners_right_to_them(roles, hears):
    assert heard(webhook(*roles)) == hears


def test_who_loses_the_right_keeps_the_webhook_and_hears_no_judgements_any_more():
    hook = webhook(HEARS, JUDGEMENTS)
    assert hook.lose_judgements([HEARS])
    assert heard(hook) == [False, False, True]
    assert hook.is_within([HEARS])
