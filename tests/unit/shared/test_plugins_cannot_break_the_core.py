"""A plugin that raises, answers nonsense or takes too long is left out; the others answer, and it is counted."""

from __future__ import annotations

import sys
import textwrap
import time
import types
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pytest

from shared.contracts import field as f
from shared.hooks import MOST_OVERTIMES, REST_SECONDS, Hooks
from shared.plugins import Plugin, collect, hookimpl, hookspec
from shared.practices import InForce, Practices, laid_down
from shared.problems import Invalid
from shared.time_limit import LIMIT_SECONDS


@dataclass
class Step:
    name: str
    days: float | None = None
    parts: tuple[Step, ...] = ()


@hookspec
def steps(kind: str, settings: dict) -> list[Step]:
    """The steps of a track."""


SPECIFICATIONS = types.ModuleType("specifications")
SPECIFICATIONS.steps = steps


def plugin(name_: str, answer) -> Plugin:
    class Made(Plugin):
        name, label, summary = name_, name_, name_

        @hookimpl
        def steps(self, kind, settings):
            return answer(kind)

    return Made()


class Asked:
    """The plugins, all of them on, and what was counted."""

    def __init__(self, **answers) -> None:
        self.counted: list[tuple[str, str, str]] = []
        found = collect(
            [(name, lambda name=name, a=answer: plugin(name, a)) for name, answer in answers.items()]
        )
        self.hooks = Hooks(SPECIFICATIONS, found, lambda *what: self.counted.append(what))
        self.active = [InForce(name, True, {}) for name in found.plugins]

    def __call__(self) -> list[str]:
        return [answer.name for _, answer in self.hooks.call("steps", self.active, {"kind": "建议"})]


def forever(_):
    while True:
        pass


def stubborn(_):
    """Catches whatever it can, and goes on."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            while time.monotonic() < until:
                pass
        except Exception:
            pass


def test_what_is_on_answers_in_the_order_of_names():
    asked = Asked(one=lambda kind: [Step(kind)], two=lambda _: [Step("2"), Step("3")], none=lambda _: None)
    assert asked() == ["建议", "2", "3"]
    assert not asked.counted


def test_what_is_not_on_is_not_asked():
    asked = Asked(one=lambda _: [Step("1")], two=lambda _: [Step("2")])
    asked.active = [InForce("two", True, {})]
    assert asked() == ["2"]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (lambda _: 1 / 0, "error", "ZeroDivisionError"),
        (lambda _: ["一步"], "answer", "answered str in place of Step"),
        (lambda _: {"步骤": 1}, "answer", "answered dict in place of a list"),
        (forever, "overtime", f"用时超过 {LIMIT_SECONDS} 秒"),
        (stubborn, "overtime", f"用时超过 {LIMIT_SECONDS} 秒"),
        (lambda _: sys.exit(1), "error", "SystemExit"),
        (lambda _: [Step(7)], "answer", "Step.name is no str: 7"),
        (lambda _: [Step("\x00")], "answer", "Step.name is no str"),
        (lambda _: [Step("好", days=float("nan"))], "answer", "Step.days is no float | None: nan"),
        (lambda _: [Step("好", days=True)], "answer", "Step.days is no float | None: True"),
        (lambda _: [Step("好", parts=(Step(None),))], "answer", "Step.name is no str: None"),
        (lambda _: [Step("好")] * 1001, "answer", "answered 1001 things"),
    ],
    ids=[
        "raises",
        "other things",
        "no list",
        "never ends",
        "catches everything",
        "ends the process",
        "no text",
        "no text for a database",
        "no number",
        "a yes for a number",
        "wrong within",
        "too many",
    ],
)
def test_one_that_fails_is_left_out_and_counted(answer, kind, words):
    asked = Asked(bad=answer, good=lambda _: [Step("好")])
    started = time.monotonic()
    assert asked() == ["好"]
    assert time.monotonic() - started < LIMIT_SECONDS + 1
    assert asked.counted == [("bad", "steps", kind)]
    failure = asked.hooks.failures["bad", "steps"]
    assert words in failure.error
    asked()
    assert asked.hooks.failures["bad", "steps"].count == 2


def test_after_overtime_the_process_goes_on_undisturbed():
    asked = Asked(bad=forever)
    for _ in range(3):
        assert asked() == []
        total = sum(number for number in range(300_000))  # an interruption that came late would hit here
        assert total == 44999850000


def test_a_plugin_that_waits_in_a_green_process_is_interrupted_too():
    """In a process of its own: making it green cannot be undone."""
    import subprocess

    code = textwrap.dedent("""
        from shared import green
        green.patch()
        import time
        from shared.time_limit import Overtime, within_limit
        started = time.monotonic()
        try:
            within_limit(lambda: time.sleep(30), {})
        except Overtime:
            print("interrupted", time.monotonic() - started < 2)
    """)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "interrupted True", done.stderr


def test_one_that_cannot_be_loaded_is_named_and_the_others_are_there():
    def broken():
        raise ImportError("no module named nowhere")

    class Nameless(Plugin):
        label = summary = "无名"

    found = collect(
        [
            ("a", broken),
            ("b", lambda: Nameless),
            ("c", lambda: plugin("good", lambda _: None)),
            ("d", lambda: 7),
        ]
    )
    assert list(found.plugins) == ["good"]
    assert found.broken == {
        "a": "ImportError: no module named nowhere",
        "b": "ValueError: '' is no name: small letters, digits and _, at most 40",
        "d": "TypeError: 7 is not a Plugin",
    }


def test_one_whose_hook_asks_for_what_there_is_not_is_left_out():
    class Curious(Plugin):
        name = label = summary = "curious"

        @hookimpl
        def steps(self, kind, password):
            return [Step(password)]

    counted = []
    hooks = Hooks(SPECIFICATIONS, collect([("x", lambda: Curious)]), lambda *what: counted.append(what))
    assert hooks.answered_by("steps") == set()
    assert counted == [("curious", "", "error")]


def test_one_that_is_always_late_is_not_asked_for_a_while(monkeypatch):
    """A ledger asks for each of its lines: a hundred times half a second would stop whoever looks at it."""
    asked = Asked(bad=forever, good=lambda _: [Step("好")])
    for _ in range(MOST_OVERTIMES):
        asked()
    started = time.monotonic()
    assert [asked() for _ in range(50)] == [["好"]] * 50
    assert time.monotonic() - started < LIMIT_SECONDS
    assert asked.hooks.failures["bad", "steps"].count == MOST_OVERTIMES
    later = time.monotonic() + REST_SECONDS
    monkeypatch.setattr("shared.hooks.monotonic", lambda: later)
    asked()
    assert asked.hooks.failures["bad", "steps"].count == MOST_OVERTIMES + 1


class Checks(Plugin):
    """Its check of the settings does whatever the test says."""

    name = label = summary = "checks"
    settings: ClassVar = {"days": f.number("天数", least=1, default=3)}
    does: ClassVar = staticmethod(lambda settings: None)

    def check(self, settings):
        type(self).does(settings)


@pytest.mark.parametrize("does", [lambda _: {}["no"], forever, lambda _: sys.exit(1)], ids=["raises", "never ends", "ends"])  # fmt: skip
def test_a_check_of_settings_that_fails_refuses_them_and_is_counted(does, monkeypatch):
    found, counted = collect([("x", lambda: Checks)]), []
    Hooks(None, found, lambda *what: counted.append(what))
    monkeypatch.setattr(Checks, "does", staticmethod(does))
    with pytest.raises(Invalid, match="提供它的插件出错"):
        found.practices["checks"].load({"days": 5})
    assert [(name, hook) for name, hook, _ in counted] == [("checks", "check")]


def test_settings_laid_down_earlier_that_cannot_be_checked_any_more_give_way_to_the_defaults(monkeypatch):
    found = collect([("x", lambda: Checks)])
    monkeypatch.setattr(Checks, "does", staticmethod(lambda _: {}["no"]))
    said = {"name": "checks", "place": "43", "versions": [{"effective_on": "2023-01-01", "on": True, "settings": {"days": 9}, "ended": False}]}  # fmt: skip
    practices = Practices(
        found.practices, lambda paths: laid_down([said]), lambda unit: None, date(2023, 2, 1)
    )
    (held,) = practices.active("43", names=["checks"])
    assert held.settings == {"days": 3}
