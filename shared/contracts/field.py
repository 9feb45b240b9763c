"""Fields of forms and commands, with their Chinese labels, limits and messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

# Surrogates cannot be stored, control characters cannot be printed, and U+FFFD stands for what a decoder could not read: all
# come from broken encodings.
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")

# Marks that show nothing, or turn the reading direction of what follows: they come with text copied from elsewhere, and
# would let a name look like another, or a title like none. (The joiners U+200C and U+200D belong to scripts and emoji.)
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")


def visible(text: str) -> str:
    """The text without marks that cannot be seen."""
    return _INVISIBLE.sub("", text)


def is_readable(text: str) -> bool:
    """Can it be stored and printed?"""
    return not _UNREADABLE.search(text)


LONGEST_LISTED = 20

_COMMON = {"required": "请填写这一项。", "null": "请填写这一项。"}


class _Text(fields.String):
    """Text without control characters; surrounding white space and what cannot be seen are dropped."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = visible(str(super()._deserialize(value, attr, data, **kwargs)).replace("\r\n", "\n")).strip()
        if not is_readable(text):
            raise ValidationError("含有无法识别的字符，请检查文字编码后重新填写。")
        return text


def text(
    label: str,
    *,
    most: int = 200,
    least: int = 1,
    required: bool = True,
    long: bool = False,
    hint: str = "",
    of: str = "",
    default: str = "",
) -> _Text:
    """A text of `least` to `most` characters; `long` is for several lines; `of` names the list that the screen offers."""
    least = least if required else 0
    too_short = "请填写这一项。" if least == 1 else f"至少要写 {least} 个字。"
    given: dict[str, Any] = {"required": True} if required else {"load_default": default}
    return _Text(
        **given,
        validate=[
            validate.Length(min=least, error=too_short),
            validate.Length(max=most, error=f"最多 {most} 个字，请精简。"),
        ],
        error_messages={
            **_COMMON,
            "invalid": "应当是文字。",
            "invalid_utf8": "文字编码不是 UTF-8，请检查后重新填写。",
        },
        metadata={"label": label, "hint": hint, "widget": "one", "of": of}
        if of
        else {"label": label, "hint": hint, "widget": "long" if long else "text"},
    )


def choice(
    label: str, choices: Mapping[str, str], *, default: str | None = None, required: bool = True
) -> fields.String:
    """One of `choices`: value to Chinese label."""
    given: dict[str, Any] = (
        {"required": True} if required and default is None else {"load_default": default or ""}
    )
    values = list(choices) if required else ["", *choices]
    return fields.String(
        **given,
        validate=validate.OneOf(values, error=f"请从“{'、'.join(choices.values())}”中选择。"),
        error_messages={**_COMMON, "invalid": "应当是文字。"},
        metadata={"label": label, "widget": "choice", "choices": dict(choices)},
    )


def letter(label: str, *, required: bool = True) -> fields.String:
    """The letter of a reply's class, as A or B1: which there are is the place's own (`shared.reply_classes`)."""
    given: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    pattern = r"^[A-Z]\d{0,3}$" if required else r"^([A-Z]\d{0,3})?$"
    return fields.String(
        **given,
        validate=validate.Regexp(pattern, error="应当是办理结果的字母，例如 A 或 B1。"),
        error_messages={**_COMMON, "invalid": "应当是文字。"},
        metadata={"label": label, "widget": "one", "of": "reply_class"},
    )


def choices(label: str, choices: Mapping[str, str], *, required: bool = True, hint: str = "") -> fields.List:
    """Several of `choices`, each once: value to Chinese label."""
    return fields.List(
        choice(label, choices),
        **({"required": True} if required else {"load_default": list}),
        validate=[validate.Length(min=1 if required else 0, error="请至少选择一项。"), _each_once],
        error_messages={**_COMMON, "invalid": "应当是一个列表。"},
        metadata={"label": label, "widget": "many", "choices": dict(choices), "hint": hint},
    )


def _sensible(day: date) -> None:
    if not 1949 <= day.year <= 2100:
        raise ValidationError("日期不合常理，请检查年份。")


def day(label: str, *, required: bool = True, hint: str = "") -> fields.Date:
    """A date, as 2023-02-20."""
    given: dict[str, Any] = {"required": True} if required else {"load_default": None, "allow_none": True}
    return fields.Date(
        **given,
        validate=_sensible,
        error_messages={**_COMMON, "invalid": "日期应当写成 2023-02-20 的样子，并且确有这一天。"},
        metadata={"label": label, "widget": "day", "hint": hint},
    )


def number(
    label: str, *, least: int = 0, most: int = 1_000_000, default: int | None = None
) -> fields.Integer:
    """A whole number from `least` to `most`."""
    given: dict[str, Any] = {"required": True} if default is None else {"load_default": default}
    return fields.Integer(
        **given,
        validate=validate.Range(least, most, error=f"应当在 {least} 到 {most} 之间。"),
        error_messages={**_COMMON, "invalid": "应当是整数。"},
        metadata={"label": label, "widget": "number"},
    )


def numbers(label: str, *, most: int, default: list[int], hint: str = "") -> fields.List:
    """Several whole numbers from 0 to `most`, each once, the greatest first."""
    return _Numbers(
        number(label, most=most),
        load_default=lambda: list(default),
        validate=validate.Length(max=20, error="最多 20 个数。"),
        error_messages={**_COMMON, "invalid": "应当是几个整数。"},
        metadata={"label": label, "widget": "numbers", "hint": hint},
    )


class _Numbers(fields.List):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return sorted(set(super()._deserialize(value, attr, data, **kwargs)), reverse=True)


def decimal(label: str, *, most: float = 1000) -> fields.Float:
    """A number from 0 up, with decimals; None where it is left empty."""
    return fields.Float(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, most, error=f"应当在 0 到 {most:g} 之间。"),
        error_messages={**_COMMON, "invalid": "应当是数字。", "special": "应当是数字。"},
        metadata={"label": label, "widget": "number"},
    )


def clock(label: str, *, default: str, hint: str = "") -> fields.String:
    """A time of day, as 08:30."""
    right = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$", error="时刻应当像 08:30。")
    return _Text(
        load_default=default,
        validate=right,
        error_messages={**_COMMON, "invalid": "应当是文字。"},
        metadata={"label": label, "hint": hint, "widget": "text"},
    )


def yes(label: str, *, default: bool = False, hint: str = "") -> fields.Boolean:
    """Yes or no."""
    return fields.Boolean(
        load_default=default,
        error_messages={**_COMMON, "invalid": "应当是“是”或“否”。"},
        metadata={"label": label, "widget": "yes", "hint": hint},
    )


def one(label: str, of: str, *, required: bool = True) -> fields.UUID | fields.String:
    """The id of one thing: `of` says which list the screen offers (unit, deputy, suggestion, …)."""
    given: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    return fields.String(
        **given,
        validate=validate.Regexp(
            r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
            if required
            else r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$",
            error="编号的形式不对，请重新选择。",
        ),
        error_messages={**_COMMON, "invalid": "应当是文字。"},
        metadata={"label": label, "widget": "one", "of": of},
    )


def listed(label: str, of: str, *, required: bool = True) -> fields.String:
    """One line of a congress's own list, as what it says: `of` names the list (category); the service knows it."""
    return text(label, most=LONGEST_LISTED, required=required, of=of)


def listed_many(label: str, of: str, *, hint: str = "") -> fields.List:
    """Several lines of a congress's own list, each once."""
    return fields.List(
        text(label, most=40),
        required=True,
        validate=[validate.Length(min=1, max=40, error="请至少选择一项。"), _each_once],
        error_messages={**_COMMON, "invalid": "应当是一个列表。"},
        metadata={"label": label, "widget": "many", "of": of, "hint": hint},
    )


def many(label: str, of: str, *, required: bool = False, most: int = 100) -> fields.List:
    """The ids of several things, each once."""
    return fields.List(
        one(label, of),
        **({"required": True} if required else {"load_default": list}),
        validate=[
            validate.Length(min=1 if required else 0, max=most, error=f"请选择 1 到 {most} 项。"),
            _each_once,
        ],
        error_messages={**_COMMON, "invalid": "应当是一个列表。"},
        metadata={"label": label, "widget": "many", "of": of},
    )


def texts(label: str, *, most: int = 50, longest: int = 100, default: Iterable[str] = ()) -> fields.List:
    """Several short texts."""
    usual = list(default)
    return fields.List(
        text(label, most=longest),
        load_default=lambda: list(usual),
        validate=validate.Length(max=most, error=f"最多 {most} 项。"),
        error_messages={**_COMMON, "invalid": "应当是一个列表。"},
        metadata={"label": label, "widget": "texts"},
    )


def mapping(label: str) -> fields.Dict:
    """Settings of something else, whose own schema says what they may be."""
    return fields.Dict(
        keys=fields.String(),
        load_default=dict,
        error_messages={**_COMMON, "invalid": "应当按项目填写。"},
        metadata={"label": label, "widget": "mapping"},
    )


def items(label: str, /, *, most: int = 100, **parts: fields.Field) -> fields.List:
    """Several entries with the same parts, such as promises with a text and a date."""
    schema = Schema.from_dict(dict(parts))(unknown=RAISE)
    schema.error_messages = {**schema.error_messages, "unknown": "不认识的项目。", "type": "应当按项目填写。"}
    return fields.List(
        fields.Nested(schema),
        load_default=list,
        validate=validate.Length(max=most, error=f"最多 {most} 项。"),
        error_messages={**_COMMON, "invalid": "应当是一个列表。"},
        metadata={"label": label, "widget": "items"},
    )


def congress(label: str = "人大", *, required: bool = True) -> fields.String:
    """A congress by its division path, as 43.01.81; `cn` is the nation's."""
    given: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    return fields.String(
        **given,
        validate=validate.Regexp(
            r"^(cn|\d{2}(\.\d{2}){0,2}(\.\d{3})?)$" if required else r"^(cn|\d{2}(\.\d{2}){0,2}(\.\d{3})?)?$",
            error="区划代码应当像 43.01.81。",
        ),
        error_messages={**_COMMON, "invalid": "应当是文字。"},
        metadata={"label": label, "widget": "one", "of": "congress"},
    )


def congresses(label: str = "人大", *, most: int = 20) -> fields.List:
    """Several congresses, each once; none where it is left out."""
    return fields.List(
        congress(label),
        load_default=list,
        validate=[validate.Length(max=most, error=f"最多 {most} 项。"), _each_once],
        error_messages={**_COMMON, "invalid": "应当是一个列表。"},
        metadata={"label": label, "widget": "many", "of": "congress"},
    )


def _each_once(values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise ValidationError("同一项选了两次。")
