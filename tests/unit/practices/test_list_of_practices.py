"""docs/practices.md says of each plugin what it is: its hooks, its settings, and the tests that tell its story."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from plugins import BUNDLED

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "practices.md").read_text(encoding="utf-8")
PLUGINS = {plugin.name: plugin for plugin in (one() if isinstance(one, type) else one for one in BUNDLED)}
SECTIONS = dict(
    re.findall(r"^\*\*`(\w+)`\*\* .*? — (.*?)(?=^\*\*`|^### |\Z)", TEXT, re.MULTILINE | re.DOTALL)
)
SERVICES = ("intake", "assignment", "supervision", "evaluation", "gateway")
HOOKS = {
    name for service in SERVICES for name, spec in vars(importlib.import_module(f"services.{service}.hooks")).items() if hasattr(spec, "jianyi_spec")
}  # fmt: skip


def answered(plugin):
    return {hook for hook in HOOKS if hasattr(getattr(type(plugin), hook, None), "jianyi_impl")}


@pytest.mark.parametrize("name", sorted(PLUGINS))
def test_each_plugin_stands_there_as_it_is(name):
    plugin, section = PLUGINS[name], SECTIONS.get(name, "")
    said = re.match(r"hooks? (.*?)\.", section, re.DOTALL)
    assert said and {*re.findall(r"`(\w+)`", said[1])} == answered(plugin)
    settings = re.search(r"^- Settings: (.*?)^- Story: \S", section, re.MULTILINE | re.DOTALL)
    assert settings and re.findall(r"`(\w+)`", settings[1]) == list(plugin.settings)
    assert re.search(r"^- Sources: \S", section, re.MULTILINE)
    (row,) = re.findall(rf"^\| `{name}` \| .*\| `(test_\w+\.py)`.*\|$", TEXT, re.MULTILINE)
    assert (ROOT / "tests" / "unit" / "practices" / row).exists()


def test_nothing_stands_there_that_is_no_plugin():
    assert SECTIONS.keys() == PLUGINS.keys()


@pytest.mark.parametrize("hook", sorted(HOOKS))
def test_each_hook_names_who_uses_it(hook):
    (row,) = re.findall(rf"^\| `{hook}` \| (?:{'|'.join(SERVICES)}|every service) \|.*\| ([^|]*) \|$", TEXT, re.MULTILINE)  # fmt: skip
    assert {*re.findall(r"`(\w+)`", row)} == {name for name, p in PLUGINS.items() if hook in answered(p)}
    guide = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    assert f"| `{hook}` |" in guide, "docs/plugins.md knows it too"
