"""各地人大的提交须知：a congress lays down what it wants to find in a text; the deputy reads it while writing."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison

from plugins.own_checklist import OwnChecklist
from shared.plugins import Plugin, collect, hookimpl
from shared.problems import Invalid
from tests.unit.intake.test_entrance import GOOD, HUNAN, OPERATOR, A, tell_people

FUNDING = {
    "part": "proposals", "words": "资金、经费、预算", "says": "没有写钱从哪里来。", "mend": "写明建议由哪一级财政安排资金。", "bars": True,
}  # fmt: skip
TEXT = {**GOOD, "kind": "suggestion", "category": "水利"}
WRITER, OFFICE = deputy("代表甲", A), liaison()


def opened(network_of, **options):
    network = network_of("directory", "intake", today=date(2023, 1, 14), **options)
    tell_people(network)
    network.do(OPERATOR, "directory", "register_divisions", divisions=[HUNAN])
    return network


def switched_on(network, name, **settings):
    network.do(OFFICE, "directory", "set_practice", name=name, congress=PROVINCE, settings=settings)
    network.on(date(2023, 1, 15))
    return network


def submits(network, **changed):
    id = network.do(WRITER, "intake", "draft_suggestion", congress=PROVINCE, **{**TEXT, **changed})["id"]
    network.do(WRITER, "intake", "submit_suggestion", id)
    return id


def test_the_deputy_reads_it_while_writing_and_cannot_hand_in_before_it_is_mended(network_of):
    network = switched_on(opened(network_of), "own_checklist", demands=[FUNDING])
    found = network.ask(WRITER, "intake", "findings", congress=PROVINCE, **GOOD)["findings"]
    (own,) = [finding for finding in found if finding["code"] == "own_checklist.demand_1"]
    assert (own["field"], own["sentence"], own["bars"]) == ("proposals", "没有写钱从哪里来。", True)
    with pytest.raises(Invalid) as refusal:
        submits(network)
    assert refusal.value.errors == {"proposals": ["没有写钱从哪里来。写明建议由哪一级财政安排资金。"]}
    submits(network, proposals=GOOD["proposals"] + "所需资金由省财政安排。")


def test_what_only_advises_is_told_to_the_office_by_the_practices_name(network_of):
    network = switched_on(opened(network_of), "own_checklist", demands=[{**FUNDING, "bars": False}])
    id = submits(network)
    assert network.published("intake", id)[-1]["data"]["findings"] == ["own_checklist.demand_1"]
    (line,) = network.ask(OFFICE, "intake", "review_desk", congress=PROVINCE)
    assert line["findings"] == [{"code": "own_checklist.demand_1", "label": "本地提交要求"}]
    checks = network.ask(OFFICE, "intake", "suggestion", id=id)["checks"]
    assert [finding["label"] for finding in checks["findings"]] == ["没有写钱从哪里来。"]


def test_only_for_the_fields_that_the_congress_names_and_never_elsewhere(network_of):
    network = switched_on(opened(network_of), "own_checklist", demands=[FUNDING], categories=["教育"])
    submits(network)
    with pytest.raises(Invalid):
        submits(network, category="教育")


def test_a_plugin_that_fails_or_talks_nonsense_keeps_nobody_from_handing_in(network_of):
    class Broken(Plugin):
        name = label = summary = "broken"

        @hookimpl
        def validate_draft(self, text):
            return 1 / 0

    network = opened(network_of, plugins=collect([("a", lambda: OwnChecklist), ("b", lambda: Broken)]))
    switched_on(network, "broken")
    submits(network)
    (failure,) = network.runtimes["intake"].hooks.failures.values()
    assert (failure.plugin, failure.hook, failure.kind) == ("broken", "validate_draft", "error")
