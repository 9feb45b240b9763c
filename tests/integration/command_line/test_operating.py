"""An operator commands a running network that has no demo: each command does its work, or says why not."""

from __future__ import annotations

import re
import sqlite3
import uuid
from pathlib import Path

import openpyxl
import pytest
import requests
from program import COUNTY, done, jianyi, refusal

from jianyi.client import Client

HEADINGS = ["建议编号", "标题", "领衔代表", "主办单位", "交办日期", "答复日期", "办理结果", "代表评价"]


def book(path: Path, *rows: list[object]) -> Path:
    workbook = openpyxl.Workbook()
    for row in (HEADINGS, *rows):
        workbook.active.append(row)
    workbook.save(path)
    return path


def test_nobody_is_listed_on_the_sign_in_page(office):
    page = requests.get(f"http://127.0.0.1:{office.port}/sign-in", timeout=10).text
    assert "演示账号" not in page and "jianyi-demo" not in page
    assert office.system.get("/accounts", limit=50) == []


class TestAccounts:
    ADD = ("account", "add", "zhang", "--name", "张工", "--role", "liaison", "--congress", COUNTY)

    def test_one_is_opened_and_can_sign_in(self, office):
        assert "已开立账号 zhang" in done(office.jianyi(*self.ADD, "--password", "a-long-password"))
        assert Client.signed_in(office.system.base, "zhang", "a-long-password").token
        assert "zhang" in refusal(office.jianyi(*self.ADD, "--password", "another-password"))

    @pytest.mark.parametrize(
        "wrong",
        [
            ["--password", "short"],
            ["--password", "a-long-password", "--role", "king"],
            ["--password", "a-long-password", "--congress", "99.99"],
        ],
    )
    def test_a_wrong_one_is_refused(self, office, wrong: list[str]):
        refusal(office.jianyi("account", "add", "li", *self.ADD[3:], *wrong))
        assert "li" not in [account["login"] for account in office.system.get("/accounts", limit=50)]


class TestLedger:
    def test_what_an_office_has_goes_in_once_and_comes_out(self, office, tmp_path: Path):
        unit = office.system.command(
            "/units", congress=COUNTY, name="浏阳市教育局", short="教育局", kind="government", parent=""
        )
        delegation = office.system.command("/delegations", congress=COUNTY, name="第一代表团")
        office.system.command("/deputies", congress=COUNTY, name="代表甲", delegation=delegation["id"])
        assert unit["id"]
        file = book(
            tmp_path / "台账.xlsx",
            [
                "第十八届四次会议第0001号",
                "关于增加校车的建议",
                "代表甲",
                "教育局",
                "2026-02-20",
                None,
                None,
                None,
            ],
        )
        assert "已导入 1 件" in done(office.jianyi("import", "ledger", str(file), "--congress", COUNTY))
        assert "已导入 0 件，原有 1 件" in done(
            office.jianyi("import", "ledger", str(file), "--congress", COUNTY)
        )
        out = tmp_path / "导出.xlsx"
        assert "已写出" in done(office.jianyi("export", "ledger", str(out), "--congress", COUNTY))
        cells = [str(cell) for row in openpyxl.load_workbook(out).active.values for cell in row]
        assert "关于增加校车的建议" in cells

    def test_wrong_rows_come_back_in_a_workbook(self, office, tmp_path: Path):
        file = book(tmp_path / "台账.xlsx", [None, None, "无人", "无此单位", "2026-02-30", None, None, None])
        told = refusal(office.jianyi("import", "ledger", str(file), "--congress", COUNTY))
        assert "1 行有误" in told and (tmp_path / "台账-有误.xlsx").exists()

    def test_what_is_no_workbook_or_not_there(self, office, tmp_path: Path):
        file = tmp_path / "台账.xlsx"
        assert "没有这个文件" in refusal(office.jianyi("import", "ledger", str(file), "--congress", COUNTY))
        file.write_bytes(b"not a workbook")
        refusal(office.jianyi("import", "ledger", str(file), "--congress", COUNTY))
        assert "文件夹" in refusal(office.jianyi("import", "ledger", str(tmp_path), "--congress", COUNTY))

    def test_a_congress_that_there_is_not(self, office, tmp_path: Path):
        file = book(
            tmp_path / "台账.xlsx", [None, "标题", "代表甲", "教育局", "2026-02-20", None, None, None]
        )
        refusal(office.jianyi("import", "ledger", str(file), "--congress", "99.99"))
        refusal(office.jianyi("export", "ledger", str(tmp_path / "导出.xlsx"), "--congress", "99.99"))
        assert not (tmp_path / "导出.xlsx").exists()

    def test_a_place_that_cannot_be_written(self, office, tmp_path: Path):
        out = tmp_path / "none" / "导出.xlsx"
        assert str(out) in refusal(office.jianyi("export", "ledger", str(out), "--congress", COUNTY))


class TestDerived:
    @pytest.mark.parametrize("what", ["search", "ledger", "figures"])
    def test_it_is_rebuilt_and_was_right(self, office, what: str):
        told = done(office.jianyi("rebuild", what))
        assert f"已重建 {what}" in told and "与原来完全一致" in told

    def test_copies_are_rebuilt_in_each_service_or_in_one(self, office):
        told = done(office.jianyi("rebuild", "copies"))
        assert "copies（intake）" in told and "copies（assignment）" in told
        assert "assignment" not in done(office.jianyi("rebuild", "copies", "intake"))

    def test_all_at_once(self, office):
        told = done(office.jianyi("rebuild", "all"))
        for what in (
            "ledger（supervision）",
            "figures（evaluation）",
            "search（search）",
            "copies（evaluation）",
        ):
            assert f"已重建 {what}" in told

    def test_there_is_nothing_else_to_rebuild(self, office):
        assert "没有“intake”可以重建" in refusal(office.jianyi("rebuild", "intake"))
        assert "search 没有“ledger”可以重建" in refusal(office.jianyi("rebuild", "ledger", "search"))
        assert "没有“inbox”这个服务" in refusal(office.jianyi("rebuild", "all", "inbox"))


class TestEvents:
    def test_the_last_ones_are_shown(self, office):
        told = done(office.jianyi("events", "tail", "--limit", "3"))
        assert len(told.splitlines()) == 3 and "account.changed.v1" in done(
            office.jianyi("events", "tail", "--service", "directory")
        )
        assert "没有“inbox”这个服务" in refusal(office.jianyi("events", "tail", "--service", "inbox"))

    def test_a_period_is_sent_again(self, office):
        told = done(office.jianyi("events", "resend", "directory", "--since", "2000-01-01"))
        assert re.search(r"directory\W重新发送 [1-9]\d* 条事件", told)
        told = done(office.jianyi("events", "resend", "--since", "2000-01-01", "--until", "2000-01-02T08:00"))
        assert told.count("重新发送 0 条事件") == 5
        assert "--since" in refusal(office.jianyi("events", "resend"))
        assert "“昨天”不是日期或时刻" in refusal(office.jianyi("events", "resend", "--since", "昨天"))
        assert "没有“inbox”这个服务" in refusal(
            office.jianyi("events", "resend", "inbox", "--since", "2026-01-01")
        )

    def test_there_are_no_dead_letters(self, office):
        assert "没有死信" in done(office.jianyi("dead-letters", "list"))
        assert "没有死信" in done(office.jianyi("dead-letters", "list", "--by-cause"))
        assert "没有丢弃过死信" in done(office.jianyi("dead-letters", "dropped"))
        for verb in ("show", "replay"):
            assert "没有这封死信" in refusal(office.jianyi("dead-letters", verb, "search", "0190a1b2"))
            assert "没有“inbox”这个服务" in refusal(office.jianyi("dead-letters", verb, "inbox", "0190a1b2"))


class TestDeadLetters:
    """A message that is no event came into a service's queue: nobody sent it, so it is put into the table."""

    @pytest.fixture
    def parked(self, office) -> str:
        row = {
            "event_id": str(uuid.uuid4()), "source": "", "type": "unreadable", "subject": "", "attempts": 0,
            "failed_at": "2026-11-25T01:00:00+00:00", "error": "消息不是事件", "traceback": "Traceback: nowhere",
            "body": '{"message": "hello"}', "cause": "0123abcd",
        }  # fmt: skip
        with sqlite3.connect(office.home / "data" / "search.db", timeout=10) as database:
            names = ", ".join(row)
            marks = ", ".join("?" for _ in row)
            database.execute(
                f"INSERT OR REPLACE INTO failures ({names}) VALUES ({marks})", tuple(row.values())
            )
        return row["event_id"]

    def test_it_is_listed_shown_and_dropped_with_a_reason(self, office, parked: str):
        listed = done(office.jianyi("dead-letters", "list", "--by-cause", COLUMNS="200"))
        assert "0123abcd" in listed and "消息不是事件" in listed
        shown = done(office.jianyi("dead-letters", "show", "search", parked))
        assert "hello" in shown and "Traceback: nowhere" in shown
        assert "请写明丢弃的原因" in refusal(office.jianyi("dead-letters", "drop", "search", parked))
        assert "已丢弃 1 封" in done(
            office.jianyi("dead-letters", "drop", "search", parked, "--reason", "不是我们的消息")
        )
        dropped = done(office.jianyi("dead-letters", "dropped", COLUMNS="200"))
        assert "不是我们的消息" in dropped and "命令行（" in dropped

    def test_all_of_a_cause_are_replayed_and_what_still_fails_is_told(self, office, parked: str):
        told = office.jianyi("dead-letters", "replay", "search", "--cause", "0123abcd")
        assert told.returncode == 1 and "已重放 0 封" in told.stdout and "仍然失败" in told.stderr
        assert "重放仍然失败" in refusal(office.jianyi("dead-letters", "replay", "search", parked))
        assert "只写其中一个" in refusal(office.jianyi("dead-letters", "replay", "search"))
        done(office.jianyi("dead-letters", "drop", "search", "--cause", "0123abcd", "--reason", "测试"))
        assert "没有这种原因" in refusal(
            office.jianyi("dead-letters", "replay", "search", "--cause", "0123abcd")
        )


def test_the_doctor_finds_all_well(office):
    assert "一切正常" in done(office.jianyi("doctor"))


def test_migrating_again_changes_nothing(office):
    assert "已是最新版本" in done(office.jianyi("migrate"))


def test_somebody_elses_secret_is_told(office):
    told = refusal(office.jianyi("rebuild", "search", JIANYI_SECRET="x" * 40))
    assert "另一个签名密钥" in told and "JIANYI_HOME" in told


def test_where_the_data_are_said_to_be_elsewhere(office, tmp_path: Path):
    told = refusal(
        jianyi("events", "tail", JIANYI_HOME=str(tmp_path / "other"), JIANYI_PORT=str(office.port))
    )
    assert "JIANYI_HOME" in told
    assert not (tmp_path / "other").exists()
