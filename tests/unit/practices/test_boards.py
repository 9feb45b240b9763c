"""湖南省人大常委会：六方督办、“全覆盖”、“一单四制”、“回头看”；长沙：十抓十确保。What each board shows of the same suggestions."""

from __future__ import annotations

from datetime import date

from facts import ROADS, line, made

from plugins.grand_supervision import GrandSupervision
from plugins.key_full_cover import KeyFullCover
from plugins.look_back import LookBack
from plugins.one_list_four_systems import OneListFourSystems
from plugins.ten_grasps import NOTHING, TenGrasps
from services.gateway import hooks
from shared.hooks import Hooks
from shared.plugins import collect
from shared.practices import InForce

MARK = {
    "theme": "优化金融财税支持政策",
    "leading_supervisor": "副主任甲",
    "sponsor": "副省长甲",
    "committee": "",
}
KEY = line("s2", "关于联合运维的建议", is_key=True, key=MARK)
DEMAND = {
    "suggestion": "s2", "title": "关于联合运维的建议", "unit": {"id": "t", "name": "省税务局"}, "text": "五月底前挂牌", "due_on": "2023-05-31",
    "state": "open", "state_label": "待答复", "light": "green", "answers": [],
}  # fmt: skip
PROMISE = {
    "suggestion": "s2", "title": "关于联合运维的建议", "text": "建成中心", "unit": {"id": "t", "name": "省税务局"}, "leader": "副局长甲",
    "done_when": "挂牌", "due_on": "2023-06-10", "state": "open", "state_label": "办理中", "light": "green", "kept_on": "", "slips": [],
}  # fmt: skip
KEPT = {
    **PROMISE,
    "text": "互通数据",
    "state": "kept",
    "state_label": "已销号",
    "kept_on": "2023-05-02",
    "light": "done",
}


def test_each_of_the_six_finds_what_is_its_own():
    leaders, sponsors, committees, demands, measures = made(GrandSupervision, "pages", KEY, demands=[DEMAND])
    assert leaders.rows[0].cells[1] == "副主任甲" and sponsors.rows[0].cells[1] == "副省长甲"
    assert committees.rows[0].cells[1] == "（没有明确）"
    assert demands.rows[0].cells[2] == "五月底前挂牌" and not measures.rows


def test_a_letter_tells_the_unit_where_it_stands_and_what_was_demanded():
    notice = made(GrandSupervision, "documents", KEY, demands=[DEMAND, {**DEMAND, "suggestion": "s9"}])
    assert "答复期限是 2023-05-22" in notice.parts[1]
    assert [row.cells for row in notice.parts[2].rows] == [("五月底前挂牌", "2023-05-31")]


def test_full_cover_is_said_when_nobody_is_missing():
    board = {"without_any": [{"role": "sponsor", "role_label": "领办", "name": "副省长乙"}]}
    lacking, without = made(KeyFullCover, "pages", KEY, key_board=[board])
    assert lacking.rows[0].cells[2] == "对口督办专委会" and without.rows[0].cells == ("领办", "副省长乙")
    settings = {"needs_committee": False}
    full, nobody = made(KeyFullCover, "pages", KEY, settings=settings, key_board=[{"without_any": []}])
    assert full.note.endswith("全覆盖。") and not full.rows and not nobody.rows


def test_the_list_of_problems_and_the_months_bulletin():
    left, closed = made(OneListFourSystems, "pages", KEY, commitments=[PROMISE, KEPT])
    assert (left.rows[0].cells[1], closed.rows[0].cells[1]) == ("建成中心", "互通数据")
    bulletin = made(OneListFourSystems, "documents", KEY, commitments=[PROMISE, KEPT])
    assert "共 2 项，已销号 1 项，未销号 1 项，其中逾期 0 项" in bulletin.parts[0]
    assert [len(part.rows) for part in bulletin.parts[1:]] == [1, 0, 0]


def test_promises_of_other_years_stay_out_of_what_was_narrowed_down():
    left, _ = made(OneListFourSystems, "pages", ROADS, commitments=[PROMISE])
    assert not left.rows


def test_the_board_shows_all_ten_and_says_where_nothing_is_known():
    (board,) = made(TenGrasps, "pages", ROADS, KEY, key="board", contacts_due=[{"suggestion": "s1"}])
    words = dict(row.cells for row in board.rows)
    assert len(words) == 10
    assert words["抓少数关键，确保高位推动"] == "重点建议 1 件，领导牵头和领办都明确的 1 件"
    assert "还有阶段没有和代表沟通的 1 件" in words["抓协调服务，确保合力推动"]
    assert words["抓队伍建设，确保能力过硬"] == NOTHING
    (empty,) = made(TenGrasps, "pages", key="board")
    assert {row.cells[1] for row in empty.rows} == {NOTHING}


def orders(type="reply.issued.v1", **changed):
    reply = {
        "round": 1,
        "reply_class": "A",
        "unit": {"id": "t"},
        "document_number": "湘税建〔2023〕1号",
        **changed,
    }
    found = collect([("x", lambda: LookBack)])
    asked = Hooks(hooks, found, lambda *what: None)
    held = InForce("look_back", True, found.practices["look_back"].load({"after_months": 3}))
    facts = {"type": type, "subject": "s2", "data": reply, "at": date(2023, 5, 12)}
    answers = [order for _, order in asked.call("on_event", [held], facts)]
    assert not asked.failures, asked.failures
    return answers


def test_what_was_called_solved_is_asked_about_when_its_time_has_come():
    (order,) = orders()
    assert order.command == "ask_progress"
    assert (order.data["units"], order.data["due_on"]) == (["t"], date(2023, 8, 10))
    assert orders(reply_class="C") == orders(round=2) == orders("task.signed.v1") == []
    # A place has letters of its own: what they mean counts.
    assert orders(reply_class="E", means="promised") and not orders(reply_class="A1", means="reference")


def test_the_looks_and_what_the_units_report_stand_in_one_table():
    asked = {**DEMAND, "text": "回头看：请报告", "answers": [{"text": "已经建成"}]}
    look = {"name": "本届回头看", "drawn_on": "2023-05-01", "drawn": 12, "state_label": "检查中"}
    reported, looks = made(LookBack, "pages", KEY, demands=[asked, DEMAND], look_backs=[look])
    assert [row.cells[-1] for row in reported.rows] == ["已经建成"]
    assert looks.rows[0].cells == ("本届回头看", "2023-05-01", "12", "检查中")
