"""Files that go with a reply: which kinds are taken, known by their content and not by their name alone."""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.contracts import field as f

MOST_BYTES = 10 * 2**20
MOST_MEGABYTES = MOST_BYTES // 2**20

# By the name's ending: what browsers call it.
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "png": "image/png",
}
_SAME = {"jpeg": "jpg"}
_BEGINS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_INSIDE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "ofd.xml"}  # of what is an archive
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|\x00-\x1f]+')


def file(label: str, hint: str = "") -> fields.Nested:
    """A file as JSON carries it: its name, and its content in Base64."""
    schema = Schema.from_dict({"name": f.text("文件名", most=120), "content": _Content()})(unknown=RAISE)
    schema.error_messages = {
        **schema.error_messages, "unknown": "不认识的项目。", "type": "请选择一个文件。",
    }  # fmt: skip
    return fields.Nested(
        schema,
        required=True,
        error_messages={"required": "请选择一个文件。", "null": "请选择一个文件。"},
        metadata={"label": label, "hint": hint or LIMITS, "widget": "file", "types": tuple(TYPES)},
    )


LIMITS = f"可以是 {'、'.join(TYPES)}，最大 {MOST_MEGABYTES} MB。"
TOO_LARGE = f"文件超过 {MOST_MEGABYTES} MB，请压缩或者拆分后再添加。"


def is_file(declared: fields.Field) -> bool:
    return declared.metadata.get("widget") == "file"


class _Content(fields.String):
    def __init__(self) -> None:
        super().__init__(
            required=True,
            validate=validate.Length(min=1, error="文件是空的，请重新选择。"),
            error_messages={"required": "请选择一个文件。", "null": "请选择一个文件。", "invalid": "文件内容应当是 Base64。"},
            metadata={"label": "内容（Base64）"},
        )  # fmt: skip

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if len(value) > MOST_BYTES * 4 // 3 + 4:
            raise ValidationError(TOO_LARGE)
        try:
            content = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            raise self.make_error("invalid") from error
        if len(content) > MOST_BYTES:
            raise ValidationError(TOO_LARGE)
        return content


def plain_name(name: str) -> str:
    """The name without folders and signs that no system takes in a name; a long one is cut before its ending."""
    last = _NOT_IN_NAMES.sub("_", re.split(r"[/\\]", name)[-1]).strip(". ")
    stem, dot, ending = last.rpartition(".")
    return f"{stem[:80]}{dot}{ending}" if dot else last[:80]


def type_of(name: str, content: bytes) -> str:
    """One of TYPES. Raises ValueError with the sentence for who chose the file."""
    ending = name.rpartition(".")[2].lower()
    type = _SAME.get(ending, ending)
    if type not in TYPES:
        raise ValueError(f"不能添加“{name}”这种文件。{LIMITS}")
    if type in _BEGINS:
        if not content.startswith(_BEGINS[type]):
            raise ValueError(f"“{name}”的内容不是 {type} 文件，请检查后重新选择。")
        return type
    inside = _names_inside(content)
    if _INSIDE[type] not in inside:
        raise ValueError(f"“{name}”的内容不是 {type} 文件，请检查后重新选择。")
    if any(one.endswith("vbaproject.bin") for one in inside):
        raise ValueError(f"“{name}”带有宏，请去掉宏另存以后再添加。")
    return type


def _names_inside(content: bytes) -> set[str]:
    """The names in an archive, in small letters; none where it is no archive. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, EOFError, UnicodeDecodeError):
        return set()
