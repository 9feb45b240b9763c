"""Forms are made from contracts: every one of them can be drawn, filled in, read back and corrected."""

from __future__ import annotations

import re

import flask
import pytest
from werkzeug.datastructures import MultiDict

from services.gateway.pages import forms
from services.gateway.pages.suggestions import COMMANDS
from shared.contracts import assignment, intake
from shared.problems import Invalid


def drawn(web, contract, values=(), errors=(), **more) -> str:
    """The HTML of a contract's fields."""
    fields = forms.fields_of(contract, dict(values), dict(errors), **more)
    with web.app.test_request_context():
        template = "{% import '_form.html' as form with context %}{% for f in fields %}{{ form.field(f) }}{% endfor %}"
        return flask.render_template_string(template, fields=fields)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_field_of_every_command_has_a_label(web, name):
    page = drawn(web, COMMANDS[name])
    for field, declared in COMMANDS[name].schema.fields.items():
        assert declared.metadata["label"] in page
        assert f'name="{field}' in page or declared.metadata.get("widget") in ("many", "items")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_control_is_labelled(web, name):
    page = drawn(web, COMMANDS[name], options={"deputies": [("1", "代表甲")]})
    labelled = set(re.findall(r'for="([^"]+)"', page))
    controls = re.findall(r"<(?:input|textarea|select)[^>]*>", page)
    for control in controls:
        if 'type="hidden"' not in control and "aria-label" not in control:
            assert re.search(r'id="([^"]+)"', control)[1] in labelled


def test_what_is_wrong_is_said_beside_the_field(web):
    page = drawn(web, intake.RETURN, {"reason": "太笼统"}, {"reason_codes": ["请填写这一项。"]})
    assert 'aria-describedby="f-reason_codes-hint f-reason_codes-error"' in page
    assert '<p class="field-error" id="f-reason_codes-error">请填写这一项。</p>' in page
    assert "太笼统</textarea>" in page


def test_a_wrong_part_of_one_entry_is_said_in_that_entry(web):
    data = {"commitments": [{"text": "建成", "due_on": "2024-06-30"}, {"text": "验收"}]}
    with pytest.raises(Invalid) as refusal:
        assignment.DRAFT_REPLY.load(data)
    page = drawn(web, assignment.DRAFT_REPLY, data, refusal.value.errors)
    assert 'id="f-commitments.1.due_on-error"' in page
    assert 'id="f-commitments.0.due_on-error"' not in page


def test_what_was_typed_is_read_back():
    form = MultiDict(
        [
            ("task", "t"), ("text", "已经建成。"), ("reply_class", "B"), ("publicity", "public"), ("contact", "经办人甲"),
            ("phone", ""), ("commitments.0.text", ""), ("commitments.0.due_on", ""), ("commitments.3.text", "验收"),
            ("commitments.3.due_on", "2024-06-30"), ("csrf_token", "x"), ("key", "k"),
        ]
    )  # fmt: skip
    assert forms.read(assignment.DRAFT_REPLY, form) == {
        "task": "t", "text": "已经建成。", "reply_class": "B", "publicity": "public", "contact": "经办人甲",
        "commitments": [{"text": "验收", "due_on": "2024-06-30"}], "results": [],
    }  # fmt: skip


def test_boxes_lists_and_lines_are_read():
    assert forms.read(assignment.ADJUDICATE, MultiDict({"approve": "true"}))["approve"] is True
    assert forms.read(assignment.ADJUDICATE, MultiDict())["approve"] is False
    assert forms.read(intake.INVITE, MultiDict([("deputies", "a"), ("deputies", "b")])) == {
        "deputies": ["a", "b"]
    }
    assert forms.read(intake.DRAFT, MultiDict({"opinions": "路窄\r\n\r\n灯暗"}))["opinions"] == [
        "路窄",
        "灯暗",
    ]


def test_few_choices_lie_open_and_many_in_a_list(web):
    page = drawn(web, assignment.DRAFT_REPLY)
    assert 'type="radio" id="f-publicity-public"' in page
    assert '<select class="form-select" id="f-category"' in drawn(web, intake.DRAFT)


@pytest.mark.parametrize("given", ["", "x", "-1", "9" * 30, "1.5"])
def test_a_strange_version_is_no_version(given):
    assert forms.version_of(MultiDict({"version": given})) is None
