"""A published event breaks for nobody: each way of breaking one is tried on purpose and refused, and growing passes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from marshmallow import fields as m
from marshmallow import validate

from jianyi import documents
from jianyi.contract import promises
from jianyi.contract.promises import broken_promises, missing_steps
from jianyi.contract.schemas import contract_now
from shared.events import Catalogue, Person
from shared.problems import Problem
from shared.upcasting import UPCASTERS

DOCS = Path(__file__).parents[2] / "docs"

EXAMPLE = {
    "place": "小河代表联络站", "voters": 3, "kind": "visit", "note": "", "held_on": "2023-03-01", "deputy": {"id": "1", "name": "代表甲"},
    "topics": ["道路"], "people": [{"id": "2", "name": "代表乙"}],
}  # fmt: skip


def fields() -> dict:
    return {
        "place": m.String(required=True, validate=validate.Length(max=60)),
        "voters": m.Integer(required=True, validate=validate.Range(min=1)),
        "kind": m.String(required=True, validate=validate.OneOf(["visit", "reception"])),
        "note": m.String(),
        "held_on": m.Date(required=True),
        "deputy": m.Nested(Person, required=True),
        "topics": m.List(m.String(), required=True),
        "people": m.List(m.Nested(Person), required=True),
    }


def published(service: str = "stations", name: str = "reception.held", **changed) -> dict:
    """The contract of a catalogue with this one event; a field that is given as None is left out."""
    catalogue = Catalogue(service)
    data = {key: field for key, field in {**fields(), **changed}.items() if field is not None}
    catalogue.event(name, "A deputy received voters.", EXAMPLE, **data)
    return contract_now([catalogue])


class LongName(Person):
    title = m.String()


class Nameless(Person):
    class Meta:
        exclude = ("name",)


BREAKS = {
    "a field removed": ({"place": None}, "字段 place 没有了"),
    "a field renamed": ({"place": None, "where": m.String(validate=validate.Length(max=60))}, "改名为 where？"),
    "an optional field removed": ({"note": None}, "字段 note 没有了"),
    "another type": ({"voters": m.String(required=True)}, "字段 voters 的类型由 integer 变成 string"),
    "another format": ({"held_on": m.DateTime(required=True)}, "字段 held_on 的取值范围（format）由 date 变成 date-time"),
    "fewer values": ({"kind": m.String(required=True, validate=validate.OneOf(["visit"]))}, "字段 kind 的取值范围（enum）"),
    "more values": (
        {"kind": m.String(required=True, validate=validate.OneOf(["visit", "reception", "call"]))},
        "字段 kind 的取值范围（enum）由 visit、reception 变成 visit、reception、call",
    ),
    "values laid down": ({"note": m.String(validate=validate.OneOf([""]))}, "字段 note 的取值范围（enum）由 不限 变成"),
    "a shorter length": ({"place": m.String(required=True, validate=validate.Length(max=20))}, "（maxLength）由 60 变成 20"),
    "a narrower range": ({"voters": m.Integer(required=True, validate=validate.Range(min=5))}, "（minimum）由 1 变成 5"),
    "no longer always there": ({"place": m.String(validate=validate.Length(max=60))}, "字段 place 不再保证有"),
    "now always there": ({"note": m.String(required=True)}, "字段 note 由可以没有改成必有"),
    "sometimes empty": ({"held_on": m.Date(required=True, allow_none=True)}, "字段 held_on 可能为空（null）了"),
    "a person sometimes empty": ({"deputy": m.Nested(Person, required=True, allow_none=True)}, "字段 deputy 可能为空"),
    "within a person": ({"deputy": m.Nested(Nameless, required=True)}, "字段 deputy.name 没有了"),
    "within the people of a list": ({"people": m.List(m.Nested(Nameless), required=True)}, "字段 people[].name 没有了"),
    "a list of other things": ({"topics": m.List(m.Integer(), required=True)}, "字段 topics[] 的类型由 string 变成 integer"),
    "one instead of a list": ({"topics": m.String(required=True)}, "字段 topics 的类型由 array 变成 string"),
    "a new field that old events lack": ({"more": m.String(required=True)}, "新字段 more 声明为必有"),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "told"), BREAKS.values(), ids=BREAKS)
def test_a_break_is_told_with_event_field_and_what_to_do(changed, told):
    found = broken_promises(published(), published(**changed))
    assert any(what.startswith("reception.held.v1：") and told in what for what in found), found
    assert all(promises.NEW_VERSION in what for what in found)


GROWS = {
    "nothing": {},
    "an optional field": {"weather": m.String()},
    "an optional field that may be empty": {"weather": m.String(allow_none=True)},
    "an optional field within a person": {"deputy": m.Nested(LongName, required=True)},
    "an explanation": {"note": m.String(metadata={"description": "What was remarkable."})},
}


@pytest.mark.parametrize("changed", GROWS.values(), ids=GROWS)
def test_what_only_grows_passes(changed):
    assert broken_promises(published(), published(**changed)) == []


def test_an_event_that_is_gone():
    (told,) = broken_promises(published(), contract_now([Catalogue("stations")]))
    assert "reception.held.v1：这一版本没有了" in told and "catalogue.retire" in told


def test_another_service_breaks_the_sequence():
    (told,) = broken_promises(published(), published(service="visits"))
    assert "发布它的服务由 stations 变成 visits" in told


def test_another_way_of_routing(monkeypatch):
    before = published()
    monkeypatch.setattr("jianyi.contract.schemas.routing_key", lambda type, path: f"{path}.{type}")
    assert any(
        "路由键由 reception.held.{jurisdiction} 变成" in what for what in broken_promises(before, published())
    )


def test_another_exchange_or_envelope():
    before = published()
    exchange, envelope = published(), published()
    exchange["exchange"] = {**exchange["exchange"], "name": "other"}
    envelope["envelope"] = {**envelope["envelope"], "required": ["id"]}
    assert "交换机" in broken_promises(before, exchange)[0]
    assert any("公共属性：字段 sequence 不再保证有" in what for what in broken_promises(before, envelope))


# --- a second version -------------------------------------------------------------------------------------------


def with_second_version(retired: bool = False) -> Catalogue:
    catalogue = Catalogue("stations")
    catalogue.event("reception.held", "A deputy received voters.", EXAMPLE, **fields())
    without_place = {name: field for name, field in fields().items() if name != "place"}
    catalogue.event(
        "reception.held", "The same, with the station's id.", {}, 2, lambda data: data,
        **without_place, station=m.String(required=True),
    )  # fmt: skip
    if retired:
        catalogue.retire("reception.held.v1")
    return catalogue


def test_a_new_version_may_differ_as_it_likes():
    assert broken_promises(published(), contract_now([with_second_version()])) == []


def test_the_old_version_is_retired_once_the_new_one_has_been_published():
    both = contract_now([with_second_version()])
    later = contract_now([with_second_version(retired=True)])
    assert any("不能停用" in what for what in broken_promises(published(), later))
    assert broken_promises(both, later) == []


def test_a_version_without_a_step_from_the_one_before(monkeypatch):
    (told,) = missing_steps([with_second_version()])
    assert "reception.held.v1：没有升级步骤" in told
    monkeypatch.setitem(UPCASTERS, "reception.held.v1", lambda data: data)
    assert missing_steps([with_second_version()]) == []


@pytest.mark.parametrize(
    "declare",
    [
        lambda c: c.event("reception.held", "", {}, 2, lambda data: data),
        lambda c: c.event("reception.held", "", {}, 1, lambda data: data),
        lambda c: (c.event("reception.held", "", {}), c.event("reception.held", "", {}, 2)),
        lambda c: (c.event("reception.held", "", {}), c.retire("reception.held.v1")),
    ],
    ids=["a second without a first", "a first with a downcast", "a second without a downcast", "the newest retired"],
)  # fmt: skip
def test_a_declaration_that_cannot_work_is_refused_at_once(declare):
    with pytest.raises(ValueError, match=r"reception\.held"):
        declare(Catalogue("stations"))


# --- the documents ----------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    shutil.copy(DOCS / "contract.json", tmp_path)
    return tmp_path


def test_a_break_is_not_written_over(folder, monkeypatch):
    file = folder / "contract.json"
    contract = json.loads(file.read_text(encoding="utf-8"))
    contract["events"]["suggestion.accepted.v1"]["data"]["properties"]["stamp"] = {"type": "string"}
    before = json.dumps(contract)
    file.write_text(before, encoding="utf-8")
    with pytest.raises(Problem, match=r"suggestion\.accepted\.v1：字段 stamp 没有了"):
        documents.write_documents(folder)
    assert file.read_text(encoding="utf-8") == before
    assert [path.name for path in folder.iterdir()] == ["contract.json"]


def test_without_the_published_contract_nothing_passes(tmp_path):
    with pytest.raises(Problem, match="缺少已发布的合约"):
        documents.write_documents(tmp_path)


def test_the_day_of_publication_stays(folder):
    documents.write_documents(folder)
    then, now = (json.loads((f / "contract.json").read_text(encoding="utf-8")) for f in (DOCS, folder))
    assert now == then
