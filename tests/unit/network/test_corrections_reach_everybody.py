"""Title, kind and category are corrected after acceptance, a key suggestion is changed and released, a lead deputy replaced:
every service that keeps them follows, in whatever order it hears of it."""

from __future__ import annotations

import random
from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison

from services.search.indexing import engine_of
from shared.aggregate import new_id
from shared.problems import Invalid, WrongState

LEAD, SECOND, THIRD, UNIT = (new_id() for _ in range(4))
SEATS = {LEAD: "代表甲", SECOND: "代表乙", THIRD: "代表丙"}
WRITER, OFFICE = deputy("代表甲", LEAD), liaison()
TEXT = {
    "title": "关于建立联合运维机制的建意", "situation": "三部门系统各自运维。", "analysis": "责任不清。", "proposals": "建立联合运维中心。",
    "kind": "suggestion", "category": "社会保障",
}  # fmt: skip
RIGHT = "关于建立社保费系统联合运维机制的建议"
MARK = {
    "theme": "优化财税支持",
    "leading_supervisor": "副主任甲",
    "sponsor": "副省长甲",
    "committee": "财经委",
}
SERVICES = ("assignment", "supervision", "evaluation", "search")


class Story:
    def __init__(self, network):
        self.network = network
        for seat in SEATS:
            self.record_seat(seat)
        network.tell("unit.recorded.v1", UNIT, name="省税务局", short="税务", kind="government", parent="", active=True)  # fmt: skip
        network.tell("session.recorded.v1", new_id(), name="第十四届一次会议", term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip
        self.id = network.do(WRITER, "intake", "draft_suggestion", congress=PROVINCE, **TEXT)["id"]
        network.do(WRITER, "intake", "invite_cosigners", self.id, deputies=[SECOND, THIRD])
        for seat in (SECOND, THIRD):
            network.do(deputy(SEATS[seat], seat), "intake", "accept_cosigning", self.id)
        network.do(WRITER, "intake", "submit_suggestion", self.id)

    def record_seat(self, seat, active=True, sequence=1):
        said = {"name": SEATS[seat], "delegation": "", "delegation_name": "", "active": active}
        self.network.tell("deputy.recorded.v1", seat, PROVINCE, sequence, **said)

    def do(self, command, **data):
        return self.network.do(OFFICE, "intake", command, self.id, **data)

    def seen(self):
        """(title, category, whether it is a key one, who leads, how many deputies) as each service shows it to the office."""
        ask = self.network.ask
        handling = ask(OFFICE, "assignment", "handling", id=self.id)
        line = ask(OFFICE, "supervision", "ledger_line", id=self.id)["line"]
        evaluation = ask(OFFICE, "evaluation", "evaluation", id=self.id)
        (hit,) = ask(OFFICE, "search", "search", congress=PROVINCE)["hits"]
        return {
            "assignment": (
                handling["title"],
                handling["category"],
                bool(handling["key_theme"]),
                handling["answered"][0]["name"],
                len(handling["answered"]),
            ),
            "supervision": (
                line["title"],
                line["category"],
                line["key"],
                line["lead_deputy"],
                1 + len(line["cosigners"]),
            ),
            "evaluation": (evaluation["title"], evaluation["category"], evaluation["key"], *self.judges()),
            "search": (hit["title"], hit["category"], hit["key"], hit["deputies"][0], len(hit["deputies"])),
        }

    def judges(self):
        """Evaluation shows no deputies before there is a reply: from what it keeps."""
        (row,) = self.network.rows("evaluation", "evaluations")["evaluations"]
        deputies = row["state_json"]["deputies"]
        return deputies[0]["name"], len(deputies)

    def events(self):
        return [
            e
            for e in self.network.published("intake", self.id)
            if e["type"] not in ("suggestion.drafted.v1",)
        ]


@pytest.fixture
def story(network_of):
    network = network_of("intake", *SERVICES, today=date(2023, 1, 15))
    yield Story(network)
    engine_of(network.settings).close()


def test_everybody_follows_and_the_trace_says_what_it_was(story):
    story.do("accept_suggestion")
    story.network.do(OFFICE, "assignment", "assign_suggestion", story.id, lead=UNIT)
    story.do("correct_suggestion", title=RIGHT, category="财政金融", reason="标题有错字。")
    story.do("make_key", **MARK)
    story.do("release_key", reason="与另一件合并督办。")
    story.network.runtimes["search"].on_consumed()
    assert set(story.seen().values()) == {(RIGHT, "财政金融", False, "代表甲", 3)}
    told = story.network.published("intake", story.id)
    corrected = next(e["data"] for e in told if e["type"] == "suggestion.corrected.v1")
    assert corrected["before"] == {"title": TEXT["title"], "category": "社会保障"}
    timeline = story.network.ask(OFFICE, "supervision", "ledger_line", id=story.id)["timeline"]
    assert any("标题由“关于建立联合运维机制的建意”改为" in entry["text"] for entry in timeline)
    (proposed,) = [
        line
        for line in story.network.ask(OFFICE, "intake", "suggestion", id=story.id)["history"]
        if line["what"] == "更正标题"
    ]
    assert proposed["reason"] == "原为关于建立联合运维机制的建意。标题有错字。"


def test_the_units_that_are_proposed_go_with_the_category(story):
    story.do("accept_suggestion")
    story.network.do(OFFICE, "assignment", "assign_suggestion", story.id, lead=UNIT)
    story.do("correct_suggestion", category="财政金融", reason="属于财政。")
    rows = story.network.rows("assignment", "allotments")["allotments"]
    assert {row["category"]: row["times"] for row in rows} == {"社会保障": 0, "财政金融": 1}


def test_what_is_the_same_already_or_closed_is_not_corrected(story):
    story.do("accept_suggestion")
    with pytest.raises(Invalid, match="没有需要更正的内容"):
        story.do("correct_suggestion", title=TEXT["title"], reason="看错了。")
    with pytest.raises(Invalid):
        story.do("correct_suggestion", title="短", reason="改短。")
    story.network.tell("suggestion.closed.v1", story.id, closed_on="2023-06-01", reply_class="A", note="")
    with pytest.raises(WrongState, match="办结"):
        story.do("correct_suggestion", title=RIGHT, reason="改错字。")


def test_the_end_is_the_same_in_whatever_order_the_news_arrives(story):
    network, network.settle = story.network, lambda: None
    story.do("accept_suggestion", kind="opinion")
    story.do("correct_suggestion", title="关于建立联合运维机制的建议", reason="错字。")
    story.do("make_key", **MARK)
    story.do("correct_suggestion", title=RIGHT, category="财政金融", reason="写明系统。")
    story.do("release_key", reason="合并督办。")
    for old, new in ((LEAD, SECOND), (SECOND, THIRD)):
        story.record_seat(old, active=False, sequence=2)
        story.do("replace_lead", deputy=new, reason="调离本省。")
    del network.settle
    accepted, *others = [e for e in story.events() if e["type"] != "suggestion.submitted.v1"]
    events = [accepted, *others]
    ends = set()
    orders = random.Random(7)
    for order in (orders.sample(events, len(events)) for _ in range(12)):
        for name in SERVICES:
            forget(network.runtimes[name])
        network.deliver(list(order))
        network.runtimes["search"].on_consumed()
        ends.add(tuple(story.seen().values()))
    assert ends == {((RIGHT, "财政金融", False, "代表丙", 1),) * 4}


def test_a_cosigner_takes_over_when_the_seat_falls_vacant(story):
    network = story.network
    story.do("accept_suggestion")
    with pytest.raises(WrongState, match="仍在任"):
        story.do("replace_lead", deputy=SECOND, reason="调离本省。")
    story.record_seat(LEAD, active=False, sequence=2)
    (waiting,) = network.ask(OFFICE, "intake", "intake_waiting")
    assert (waiting["command"], waiting["what"]) == ("replace_lead", "更换领衔代表")
    with pytest.raises(Invalid, match="附议代表"):
        story.do("replace_lead", deputy=LEAD, reason="调离本省。")
    story.do("replace_lead", deputy=SECOND, reason="调离本省。")
    network.runtimes["search"].on_consumed()
    assert {seen[3:] for seen in story.seen().values()} == {("代表乙", 2)}
    assert network.ask(OFFICE, "intake", "intake_waiting") == []
    mine = network.ask(deputy("代表乙", SECOND), "intake", "my_suggestions")
    assert [line["id"] for line in mine] == [story.id]


def forget(runtime):
    """As if nothing had arrived yet."""
    with runtime.database.writing() as connection:
        for name, table in runtime.tables.items():
            if name != "copies":
                connection.execute(table.delete())
