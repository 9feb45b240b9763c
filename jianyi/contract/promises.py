"""What a change would break for those who read our events. A published version may gain optional fields, nothing else.

Whatever else changes harms somebody: who reads new events, if less is promised; who reads old ones from a log, if more
is; and who sorts by values, if there are others. All of that needs a new version, which costs a declaration and a
downcast, and gives readers time.
"""

from __future__ import annotations

from typing import Any

from shared.events import Catalogue
from shared.upcasting import UPCASTERS, next_version

SAYS_NOTHING = ("description", "title", "examples", "default", "readOnly", "writeOnly")
TREATED = ("type", "properties", "required", "items", *SAYS_NOTHING)

NEW_VERSION = "请恢复原样，或为这一事件另立新版本（docs/tutorial-new-event.md）"


def broken_promises(published: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What readers could rely on and no longer can: which event, which field, what to do; a sentence each."""
    found = []
    if published["exchange"] != now["exchange"]:
        found.append(
            f"交换机由 {published['exchange']} 变成 {now['exchange']}：订阅者的绑定都会失效。请恢复原样"
        )
    found += [
        f"事件的公共属性：{what}。请恢复原样" for what in changes(published["envelope"], now["envelope"])
    ]
    for type, before in published["events"].items():
        present = now["events"].get(type)
        if present is None:
            found.append(
                f"{type}：这一版本没有了。请恢复它的声明；不再发布的版本用 catalogue.retire 停用，声明要保留"
            )
            continue
        found += [f"{type}：{what}" for what in _moved(before, present)]
        found += [f"{type}：{what}。{NEW_VERSION}" for what in changes(before["data"], present["data"])]
        if present["retired"] and next_version(type) not in published["events"]:
            found.append(
                f"{type}：不能停用，新版本还没有发布过。请先让两个版本并行发布一段时间，给订阅者改用新版本的机会"
            )
    return found


def missing_steps(catalogues: list[Catalogue]) -> list[str]:
    """Versions that followed another and that nobody can read the older one as; a sentence each."""
    return [
        f"{declared.type}：没有升级步骤，旧日志里的事件读不成 {next_version(declared.type)}。请在 shared/upcasting.py 用 upcasts 写明"
        for catalogue in catalogues
        for versions in catalogue.versions.values()
        for declared in versions[:-1]
        if declared.type not in UPCASTERS
    ]


def changes(before: dict[str, Any], now: dict[str, Any], where: str = "") -> list[str]:
    """How one schema breaks another's promise, by field."""
    field = f"字段 {where}" if where else "数据"
    kind_before, null_before = _kind(before)
    kind_now, null_now = _kind(now)
    if kind_before != kind_now:
        return [f"{field} 的类型由 {_shown(kind_before)} 变成 {_shown(kind_now)}"]
    found = []
    if null_before != null_now:
        found.append(
            f"{field} {'可能为空（null）了' if null_now else '由可以为空改成不能为空：日志里有为空的'}"
        )
    for rule in sorted({*before, *now} - set(TREATED)):
        if before.get(rule) != now.get(rule):
            found.append(
                f"{field} 的取值范围（{rule}）由 {_shown(before.get(rule))} 变成 {_shown(now.get(rule))}"
            )
    if "items" in before or "items" in now:
        found += changes(before.get("items", {}), now.get("items", {}), f"{where}[]")
    return found + _changed_fields(before, now, where)


def _changed_fields(before: dict[str, Any], now: dict[str, Any], where: str) -> list[str]:
    found = []
    old, new = before.get("properties", {}), now.get("properties", {})
    always_before, always_now = set(before.get("required", ())), set(now.get("required", ()))
    added = [name for name in new if name not in old]
    for name, schema in old.items():
        path = f"{where}.{name}" if where else name
        if name not in new:
            alike = [other for other in added if changes(schema, new[other]) == []]
            found.append(f"字段 {path} 没有了{f'（改名为 {alike[0]}？）' if alike else ''}")
            continue
        if (name in always_before) != (name in always_now):
            less = name in always_before
            found.append(
                f"字段 {path} {'不再保证有' if less else '由可以没有改成必有：日志里有没有它的事件'}"
            )
        found += changes(schema, new[name], path)
    for name in added:
        if name in always_now:
            path = f"{where}.{name}" if where else name
            found.append(
                f"新字段 {path} 声明为必有，而日志里的旧事件没有它；改成 required=False 就可以留在这一版本"
            )
    return found


def _moved(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    called = {
        "service": "发布它的服务",
        "routing_key": "路由键",
        "routing_key_of_the_nation": "全国人大事件的路由键",
    }
    return [
        f"{label}由 {before[name]} 变成 {now[name]}：订阅者收不到了，或顺序号不再连续。请恢复原样，或另取事件名"
        for name, label in called.items()
        if before[name] != now[name]
    ]


def _kind(schema: dict[str, Any]) -> tuple[Any, bool]:
    """The types without null, and whether null is among them."""
    types = schema.get("type", [])
    listed = [types] if isinstance(types, str) else types
    return [type for type in listed if type != "null"], "null" in listed


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "不限"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
