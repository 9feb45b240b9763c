"""Forms made from contracts: each field's metadata says how it is asked for, and what was typed comes back as it was.

    data = forms.read(contract, request.form)          # what calls.execute takes
    fields = forms.fields_of(contract, data, errors, options)
    {{ form.field(f) }}                                 # templates/_form.html draws one

A name in a form is the field's name; parts of repeated entries are called `parts.0.title`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import uuid_utils
from marshmallow import fields, validate
from werkzeug.datastructures import FileStorage, MultiDict

from shared.contracts import Contract
from shared.files import is_file
from shared.problems import Problem

Option = tuple[str, str]  # value and what people read
Files = MultiDict[str, FileStorage]

RADIO_MOST = 4  # choices that are shown side by side; more go into a list to open
SHORTEST_TEXT = 4  # signs: what is shorter is typed again soon
LEAST_ROWS = 3  # empty entries offered at first


@dataclass
class Field:
    """One thing to fill in, as the template draws it. `rows` holds the parts of each repeated entry."""

    name: str
    label: str
    widget: str
    value: Any = ""
    hint: str = ""
    required: bool = False
    longest: int = 0
    options: list[Option] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rows: list[list[Field]] = field(default_factory=list)
    types: tuple[str, ...] = ()  # of a file: the endings of names that are taken
    shown: str = ""  # what to read where the value is fixed by the page
    scope: str = ""  # tells the same field of several forms on one page apart

    @property
    def id(self) -> str:
        return f"f-{self.scope}{self.name}"

    @property
    def described_by(self) -> str:
        """Ids of the hint and the errors, for people who hear the page."""
        return " ".join([f"{self.id}-hint"] * bool(self.hint) + [f"{self.id}-error"] * bool(self.errors))


def new_key() -> str:
    """A key for one filling-in of a form: posted twice, it is carried out once."""
    return str(uuid_utils.uuid7())


# --- drawing ----------------------------------------------------------------------------------------------------


def fields_of(
    contract: Contract,
    values: Mapping[str, Any],
    errors: Mapping[str, Any] | None = None,
    options: Mapping[str, Iterable[Option]] | None = None,
    fixed: Mapping[str, str] | None = None,
) -> list[Field]:
    """The contract's fields with their values.

    `options` by field name for those that choose from a list; `fixed` are fields whose value the page has chosen,
    with what to read instead of a control (nothing is shown for an empty text).
    """
    errors, options, fixed = errors or {}, options or {}, fixed or {}
    return [
        _field(name, name, declared, values.get(name), errors.get(name), options, fixed)
        for name, declared in contract.schema.fields.items()
    ]


def errors_elsewhere(contract: Contract, errors: Mapping[str, Any]) -> list[str]:
    """The sentences that belong to no field of the form."""
    return [
        text
        for name, said in errors.items()
        if name not in contract.schema.fields
        for text in _sentences(said)
    ]


def offered(
    command: Contract, values: Mapping[str, Any], refused: Problem | None, options: Mapping[str, Iterable[Option]] | None = None,
    fixed: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A command with its form, as pages offer it; `refused`: what was wrong with these values, if they were tried."""
    errors = refused.errors if refused else {}
    return {
        "command": command, "fields": fields_of(command, values, errors, options, fixed), "problem": refused,
        "elsewhere": errors_elsewhere(command, errors),
    }  # fmt: skip


def _field(
    name: str, path: str, declared: fields.Field, value: Any, errors: Any, options: Mapping[str, Iterable[Option]],
    fixed: Mapping[str, str],
) -> Field:  # fmt: skip
    about = declared.metadata
    made = Field(
        path, about.get("label", name), _widget(declared), value=_shown(declared, value), hint=about.get("hint", ""),
        required=_is_required(declared), longest=_longest(declared),
        options=_options(declared, options.get(name, ())), errors=_sentences(errors), types=about.get("types", ()),
    )  # fmt: skip
    if name in fixed:
        made.widget, made.shown = "fixed", fixed[name]
    elif made.widget == "items":
        made.errors = errors if isinstance(errors, list) else []
        made.rows = _rows(path, declared, value or [], errors if isinstance(errors, dict) else {}, options)
    return made


def _rows(
    path: str,
    declared: fields.Field,
    entries: list[Any],
    errors: dict[Any, Any],
    options: Mapping[str, Iterable[Option]],
) -> list[list[Field]]:
    """The filled-in entries, and empty ones to fill in."""
    parts = parts_of(declared)
    rows = []
    for index in range(max(LEAST_ROWS, len(entries) + 1)):
        entry = entries[index] if index < len(entries) and isinstance(entries[index], dict) else {}
        wrong = errors.get(index, errors.get(str(index), {}))
        by_part = wrong if isinstance(wrong, dict) else {}
        row = [
            _field(name, f"{path}.{index}.{name}", part, entry.get(name), by_part.get(name), options, {})
            for name, part in parts.items()
        ]
        if not isinstance(wrong, dict):
            row[0].errors = _sentences(wrong)
        if index >= len(entries):
            for part in row:
                part.required = False
        rows.append(row)
    return rows


def _widget(declared: fields.Field) -> str:
    about = declared.metadata
    widget = str(about.get("widget", "text"))
    if widget == "choice":
        return "radio" if len(about["choices"]) <= RADIO_MOST and _is_required(declared) else "select"
    return "select" if widget == "one" else widget


def _options(declared: fields.Field, given: Iterable[Option]) -> list[Option]:
    if "choices" in declared.metadata:
        return list(declared.metadata["choices"].items())
    return list(given)


def _is_required(declared: fields.Field) -> bool:
    """Must it be filled in? A choice with a default must be one of the choices too."""
    if declared.required:
        return True
    return declared.metadata.get("widget") == "choice" and bool(declared.load_default)


def _longest(declared: fields.Field) -> int:
    lengths = [v.max for v in declared.validators if isinstance(v, validate.Length) and v.max]
    return min(lengths, default=0)


def _shown(declared: fields.Field, value: Any) -> Any:
    if value is None and isinstance(declared.load_default, str | bool | int):
        value = declared.load_default
    if value is None:
        return [] if isinstance(declared, fields.List) else ""
    if declared.metadata.get("widget") == "numbers":
        return "、".join(str(n) for n in value) if isinstance(value, list | tuple) else value
    if isinstance(declared, fields.List):
        return list(value) if isinstance(value, list | tuple) else []
    return value


def _sentences(errors: Any) -> list[str]:
    """The sentences in marshmallow's errors, however deep."""
    if isinstance(errors, str):
        return [errors]
    if isinstance(errors, dict):
        errors = errors.values()
    return list(dict.fromkeys(text for part in errors or () for text in _sentences(part)))


# --- reading ----------------------------------------------------------------------------------------------------


def read(contract: Contract, form: MultiDict[str, str], files: Files | None = None) -> dict[str, Any]:
    """What was posted, as the contract's data. What was left empty is left out, so that it is missed where it must be."""
    data = {
        name: _read_file(name, files) if is_file(declared) else _read(name, declared, form)
        for name, declared in contract.schema.fields.items()
    }
    return {name: value for name, value in data.items() if value is not None}


def version_of(form: MultiDict[str, str]) -> int | None:
    """The version that the person saw, or None where the form names none."""
    given = form.get("version", "")
    return int(given) if re.fullmatch(r"\d{1,9}", given) else None


def key_of(form: MultiDict[str, str]) -> str:
    """The key of this filling-in; a new one where somebody's form has none."""
    return form.get("key", "")[:128] or new_key()


def texts_of(fields: Iterable[tuple[str, str]]) -> list[str]:
    """The sentences among what was posted, to show to who wrote them; no ids, choices or passwords."""
    return [
        text
        for name, text in fields
        if len(text) >= SHORTEST_TEXT and not text.isascii() and name != "password"
    ]


def _read(path: str, declared: fields.Field, form: MultiDict[str, str]) -> Any:
    widget = declared.metadata.get("widget", "text")
    if widget == "yes":
        return path in form
    if widget == "many":
        return [value for value in form.getlist(path) if value]
    if widget == "texts":
        return [line.strip() for line in form.get(path, "").splitlines() if line.strip()]
    if widget == "numbers":
        return [
            int(n) if n.isdecimal() else n
            for n in re.split(r"[\s,\u3001\uff0c;\uff1b]+", form.get(path, ""))
            if n
        ]
    if widget == "items":
        return _read_rows(path, declared, form)
    value = form.get(path)
    return value if value is not None and value.strip() else None


def _read_file(path: str, files: Files | None) -> dict[str, str] | None:
    """A chosen file, as JSON carries it."""
    chosen = files.get(path) if files else None
    if chosen is None or not chosen.filename:
        return None
    return {"name": chosen.filename, "content": base64.b64encode(chosen.read()).decode()}


def _read_rows(path: str, declared: fields.Field, form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """The entries in which anything was filled in."""
    numbers = {
        int(found[1]) for name in form if (found := re.match(rf"{re.escape(path)}\.(\d{{1,5}})\.", name))
    }
    rows, parts = [], parts_of(declared)
    for number in sorted(numbers):
        row = {name: _read(f"{path}.{number}.{name}", part, form) for name, part in parts.items()}
        filled = {name: value for name, value in row.items() if value not in (None, [], False)}
        # What stands in an empty entry beforehand, as a 0, was typed by nobody.
        if any(value != str(parts[name].load_default) for name, value in filled.items()):
            rows.append(filled)
    return rows


def parts_of(declared: fields.Field) -> dict[str, fields.Field]:
    """The fields of one repeated entry; none of what is not repeated in parts."""
    inner = getattr(declared, "inner", None)
    return dict(inner.schema.fields) if isinstance(inner, fields.Nested) else {}


def in_words(declared: fields.Field, value: Any) -> str:
    """A value as people read it: choices by their labels, several entries one after the other."""
    about = declared.metadata
    if parts := parts_of(declared):
        rows = [
            " ".join(filter(None, (in_words(part, row.get(name)) for name, part in parts.items())))
            for row in value or ()
        ]
        return "；".join(rows)
    if isinstance(value, list | tuple):
        return "、".join(in_words(getattr(declared, "inner", declared), part) for part in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(about.get("choices", {}).get(value, value))
