"""浏阳市：“背靠背”测评由人大直接发放测评表；不满意的在《浏阳日报》上公开，并对负责人约谈，情节严重的专题询问。"""

from __future__ import annotations

import pytest
from facts import ROADS, line, made, titles

from plugins.back_to_back import BackToBack
from plugins.unhappy_in_the_paper import UnhappyInThePaper
from shared.problems import Invalid
from tests.unit.practices.test_hunan import answers

CLOSED = {
    "state": "closed",
    "result": "unsatisfied",
    "closed_on": "2023-05-09",
    "reply_class": "B",
    "judgement_told": True,
}
UNHAPPY = line("s2", "关于路灯的建议", **CLOSED)
PRINTED = line("s3", "关于公交的建议", **{**CLOSED, "state": "published"}, published_on="2023-05-10")
SILENT = line("s4", "关于学位的建议", **{**CLOSED, "judgement_told": False})
CONTENT = line("s5", "关于菜场的建议", **{**CLOSED, "result": "satisfied"})
ALL = (ROADS, UNHAPPY, PRINTED, SILENT, CONTENT)


def test_who_is_not_content_is_on_the_list_until_the_office_has_released_it():
    waiting, public, silent = made(UnhappyInThePaper, "pages", *ALL)
    assert (titles(waiting), titles(public)) == (["关于路灯的建议"], ["关于公交的建议"])
    assert titles(silent) == ["1"], "what has to be kept silent is counted, and not named"


def test_the_paper_prints_what_is_public_and_no_deputys_name():
    paper = made(UnhappyInThePaper, "documents", *ALL, settings={"paper": "《浏阳日报》"})
    assert [row.cells for row in paper.parts[1].rows] == [("1", "关于公交的建议", "省财政厅", "B类", "2023-05-09")]  # fmt: skip
    assert "《浏阳日报》" in paper.parts[0] and "代表甲" not in str(paper)
    named = made(UnhappyInThePaper, "documents", *ALL, settings={"deputy_named": True, "fields": ["title"]})
    assert [row.cells for row in named.parts[1].rows] == [("1", "关于公交的建议", "代表甲")]


def test_what_breaks_the_silence_stands_nowhere():
    for hook in ("pages", "exports", "documents"):
        assert "关于学位" not in str(made(UnhappyInThePaper, hook, *ALL))


def test_the_form_goes_from_the_congress_to_the_deputy_and_back():
    form = made(BackToBack, "documents", ROADS)
    assert "代表甲" in form.parts[0] and "不经过承办单位" in form.parts[1]


def test_not_content_is_talked_over_and_again_asked_about():
    assert [e.rung for e in answers(BackToBack, "escalations", unsatisfied={"u": 1})] == ["talk"]
    assert [e.rung for e in answers(BackToBack, "escalations", unsatisfied={"u": 2})] == ["inquiry"]
    with pytest.raises(Invalid):
        BackToBack().practice().load({"talk_after": 3, "inquiry_after": 2})
