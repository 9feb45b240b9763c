"""浏阳，2022: ten excellent suggestions a year, by a rule of the place; their authors tell how they wrote them."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison

from plugins.excellent_suggestions import PLUGIN
from shared.aggregate import new_id
from shared.practices import id_of
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

DAY = date(2023, 12, 1)
LEAD, OTHER, THIRD = new_id(), new_id(), new_id()
NAMES = {LEAD: "代表甲", OTHER: "代表乙", THIRD: "代表丙"}


class Year:
    """A province's year with closed suggestions, where the practice is on."""

    def __init__(self, network):
        self.network = network

    def switch_on(self, **settings):
        version = {"effective_on": "2023-01-01", "on": True, "settings": settings, "ended": False}
        self.network.tell(
            "practice.recorded.v1", id_of(PROVINCE, PLUGIN.name), PROVINCE, 1, name=PLUGIN.name, place=PROVINCE,
            place_kind="congress", versions=[version],
        )  # fmt: skip

    def closed(self, count, year=2023, lead=LEAD):
        """Suggestions of a year that were answered, judged and closed."""
        made = []
        for n in range(count):
            id, reply, person = new_id(), new_id(), {"id": lead, "name": NAMES[lead]}
            unit = {"id": "u", "name": "省水利厅"}
            text = {"situation": "渠道渗漏。", "analysis": "年久失修。", "proposals": "建议省水利厅改造。"}
            more = {
                "kind": "suggestion",
                "session": "第十四届一次会议",
                "submitted_on": f"{year}-01-15",
                "delegation": "",
            }
            self.network.tell("suggestion.accepted.v1", id, PROVINCE, 1, title=f"关于改造第{n}条水渠的建议", number=f"第{n:04d}号", category="水利", year=year, lead=person, cosigners=[], **text, **more)  # fmt: skip
            task = {"task": id, "unit": unit, "role": "lead", "assigned_on": f"{year}-02-20"}
            self.network.tell("suggestion.assigned.v1", id, PROVINCE, 1, number="", title="", category="水利", batch="", assigned_on=f"{year}-02-20", deputies=[person], tasks=[task])  # fmt: skip
            self.network.tell("reply.issued.v1", id, PROVINCE, 2, task=id, unit=unit, role="lead", reply=reply, round=1, document_number="", reply_class="A", publicity="public", text="已改造。", contact="", phone="", issued_on=f"{year}-05-15", deputies=[person], commitments=[], missing_opinions=[])  # fmt: skip
            self.do(
                "give_feedback",
                id,
                deputy(NAMES[lead], lead),
                reply=reply,
                process="satisfied",
                result="satisfied",
            )
            self.do("close_suggestion", id)
            made.append(id)
        return made

    def do(self, command, id="", who=None, **data):
        return self.network.do(who or liaison(), "evaluation", command, id, **data)

    def opens(self, **data):
        return self.do("open_award", congress=PROVINCE, year=2023, **data)["id"]

    def nominates(self, award, suggestions, who=None):
        for id in suggestions:
            self.do("nominate_suggestion", award, who, suggestion=id, reason="切口小，措施实。")

    def sees(self, award, who=None):
        return self.network.ask(who or liaison(), "evaluation", "award", id=award)


@pytest.fixture
def year(network_of):
    return Year(network_of("evaluation", "search", today=DAY))


AUTHOR = deputy(NAMES[LEAD], LEAD)


def test_of_twenty_three_ten_are_chosen_marked_and_told_about(year):
    year.switch_on()
    suggestions = year.closed(23)
    award = year.opens(number=3, decided_by="liaison")  # what the place has laid down counts
    year.nominates(award, suggestions[:20])
    year.nominates(award, suggestions[20:], AUTHOR)
    with pytest.raises(Invalid, match="每年评选10件"):
        year.do("decide_award", award, suggestions=suggestions[:11], on="2023-12-01")
    year.do("decide_award", award, suggestions=suggestions[:10], on="2023-12-01", reason="主任会议决定。")
    assert not any(one["is_chosen"] for one in year.sees(award, AUTHOR)["nominees"])
    year.do("announce_award", award)
    assert sum(one["is_chosen"] for one in year.sees(award, AUTHOR)["nominees"]) == 10

    found = year.network.ask(
        AUTHOR, "search", "similar", title="关于改造水渠的建议", body="渠道渗漏。", limit=20
    )
    marked = {hit["id"] for hit in found if hit["honours"] == ["2023年度优秀建议"]}
    assert marked == {hit["id"] for hit in found} & {*suggestions[:10]} != set()

    waits = [
        line
        for line in year.network.ask(AUTHOR, "evaluation", "evaluation_waiting")
        if line["command"] == "share_experience"
    ]
    assert len(waits) == 10
    year.do(
        "share_experience",
        award,
        AUTHOR,
        suggestion=suggestions[0],
        text="先到渠边走了三趟，再和水利站一起算账。",
    )
    year.do("publish_suggestion", suggestions[0])
    page = year.network.ask(None, "search", "published", id=suggestions[0])
    assert (page["honours"], page["experience"][:6]) == (["2023年度优秀建议"], "先到渠边走了")


def test_where_deputies_vote_those_with_the_most_votes_are_chosen(year):
    year.switch_on(decided_by="vote", each_year=1)
    one, other = year.closed(2)
    award = year.opens()
    year.nominates(award, [one, other])
    for seat, choice in ((LEAD, one), (OTHER, other), (THIRD, other)):
        year.do("vote_award", award, deputy(NAMES[seat], seat), suggestions=[choice])
    with pytest.raises(WrongState, match="只投一次"):
        year.do("vote_award", award, AUTHOR, suggestions=[other])
    assert {n["votes"] for n in year.sees(award)["nominees"]} == {None}
    with pytest.raises(Invalid, match="按得票多少"):
        year.do("decide_award", award, suggestions=[one], on="2023-12-01")
    year.do("decide_award", award, suggestions=[other], on="2023-12-01")
    assert [n["votes"] for n in year.sees(award)["nominees"]] == [2, 1]


def test_only_what_is_closed_and_of_the_year_can_be_nominated(year):
    award = year.opens()
    (earlier,) = year.closed(1, year=2022)
    with pytest.raises(Invalid, match="本年度"):
        year.nominates(award, [earlier])
    open_one = new_id()
    year.network.tell("suggestion.accepted.v1", open_one, PROVINCE, 1, title="关于路灯的建议", number="第9号", category="水利", year=2023, lead={"id": LEAD, "name": "代表甲"}, cosigners=[], kind="suggestion", session="", submitted_on="2023-01-15", delegation="", situation="……", analysis="……", proposals="……")  # fmt: skip
    with pytest.raises(Invalid, match="已经办结"):
        year.nominates(award, [open_one])
    with pytest.raises(NotFound, match="没有找到"):
        year.nominates(award, [open_one], deputy(NAMES[OTHER], OTHER))  # not hers, and not published


def test_only_its_author_tells_how_it_was_written(year):
    (chosen,) = year.closed(1)
    award = year.opens()
    year.nominates(award, [chosen])
    year.do("decide_award", award, suggestions=[chosen], on="2023-12-01")
    year.do("announce_award", award)
    with pytest.raises(NotAllowed):
        year.do(
            "share_experience",
            award,
            deputy(NAMES[OTHER], OTHER),
            suggestion=chosen,
            text="这件建议是我写的，写了很多天。",
        )


def test_a_place_may_leave_nominations_to_the_office(year):
    year.switch_on(nominated_by=["liaison"])
    (one,) = year.closed(1)
    award = year.opens()
    with pytest.raises(NotAllowed, match="由联工委推荐"):
        year.nominates(award, [one], AUTHOR)
    assert "nominate_suggestion" not in {line["command"] for line in year.sees(award, AUTHOR)["may"]}
