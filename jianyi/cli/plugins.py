"""`jianyi plugin`: what plugins are there, and a new one to begin with."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated

import typer
from rich.table import Table

from jianyi.cli.plain import console, plainly
from shared.problems import Problem

plugin_app = typer.Typer(help="插件：各地的做法。", no_args_is_help=True)

# Where each file of the template goes, with the plugin's name in it.
FILES = {
    "pyproject.toml.txt": "pyproject.toml", "README.md.txt": "README.md", "plugin.py.txt": "jianyi_$name/__init__.py",
    "test_plugin.py.txt": "tests/test_$name.py",
}  # fmt: skip


@plugin_app.command("list", epilog="例：jianyi plugin list")
@plainly
def list_plugins() -> None:
    """列出装有的插件，以及没有装上的和原因。"""
    from shared.plugins import installed

    found = installed()
    table = Table("名称", "做法", "在哪里设置", "来源", title="插件")
    for name, plugin in sorted(found.plugins.items()):
        places = "、".join({"congress": "人大", "unit": "承办单位"}[place] for place in plugin.places)
        table.add_row(name, plugin.label, places, plugin.source)
    console.print(table)
    for name, reason in found.broken.items():
        console.print(f"[red]没有装上：[/red]{name}：{reason}")
    console.print("下一步：在网页“做法与设置”里启用；写新的插件用 jianyi plugin new。")
    if found.broken:
        raise typer.Exit(1)


@plugin_app.command("new", epilog="例：jianyi plugin new river_walks --label 河长巡访 --folder .")
@plainly
def new(
    name: Annotated[str, typer.Argument(help="名称：小写英文字母、数字和下划线")],
    label: Annotated[str, typer.Option(help="做法的中文名称")] = "",
    folder: Annotated[Path, typer.Option(help="写在哪个目录下面")] = Path(),
) -> None:
    """写出一个能用的插件包，带测试。改成自己的做法就可以安装。"""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", name):
        raise Problem(f"“{name}”不能作名称：用小写英文字母开头，只含小写字母、数字和下划线，最多 40 个字符。")
    target = folder / name
    if target.exists():
        raise Problem(f"{target} 已经存在。请换一个名称，或者换一个目录（--folder）。")
    words = {
        "name": name, "dashed": name.replace("_", "-"), "label": label.strip() or name,
        "class_name": "".join(part.capitalize() for part in name.split("_")),
    }  # fmt: skip
    for source, where in FILES.items():
        path = target / Template(where).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (files("jianyi") / "plugin_template" / source).read_text(encoding="utf-8")
        path.write_text(Template(text).substitute(words), encoding="utf-8")
    console.print(f"已写出 {target}：jianyi_{name}/__init__.py 是插件，tests/test_{name}.py 是测试。")
    console.print(f"下一步：cd {target}，运行 python -m pytest，再改成自己的做法。说明见 docs/plugins.md。")
