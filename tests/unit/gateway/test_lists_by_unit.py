"""A workbook for the meeting: one sheet for each unit, and one on which all of them sign."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from services.gateway import workbook
from services.gateway.pages.meetings import _apart, sheets


def lists(*names):
    line = {
        "number": "1号",
        "title": "关于路灯的建议",
        "kind_label": "建议",
        "category": "城乡建设",
        "is_key": False,
        "delegation": "长沙代表团",
        "arrangement": "两个月内面商。",
        "role_label": "主办",
        "lead_unit": "城管局",
        "deputies": ["代表甲", "代表乙"],
    }
    return {"name": "交办会", "units": [{"id": name, "name": name, "lines": [line]} for name in names]}


def test_each_unit_has_a_sheet_and_all_sign_on_one():
    book = load_workbook(io.BytesIO(workbook.write(*sheets(lists("城管局", "水利局")))))
    assert book.sheetnames == ["签收单", "城管局", "水利局"]
    assert [cell.value for cell in book["签收单"][3]][:3] == [1, "城管局", "1"]
    own = [[cell.value for cell in row] for row in book["城管局"].iter_rows()]
    assert own[2][:4] == [1, "1号", "关于路灯的建议", "建议"] and own[2][7] == "代表甲、代表乙"
    assert own[2][8] == "全团建议（长沙代表团）；会上安排：两个月内面商。"
    assert "签收人" in own[-1][0]


def test_names_that_excel_does_not_take_are_shortened_and_stay_different():
    long = "国家税务总局湖南省税务局第一稽查局第二办公室关于某某事项专班"
    book = load_workbook(
        io.BytesIO(
            workbook.write(*sheets(lists(f"{long}甲之甲", f"{long}甲之乙", "某局/某处[甲]", "签收单")))
        )
    )
    assert len(set(book.sheetnames)) == 5
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_a_delegations_key_suggestion_is_taken_up_once_and_counted_with_both():
    key, whole = (
        {"is_key": True, "delegation": "长沙代表团", "arrangement": ""},
        {"is_key": False, "delegation": "长沙代表团", "arrangement": ""},
    )
    groups = {group["name"]: (group["lines"], group["above"]) for group in _apart([key, whole])}
    assert groups == {"key": ([key], 0), "delegations": ([whole], 1), "others": ([], 0)}
