"""A key suggestion is the post's to supervise: when somebody else is appointed, the duty passes on and says so."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison

from shared.identity import SYSTEM, Actor, Role
from shared.problems import Invalid, NotAllowed

SERVICES = ("directory", "intake", "supervision")
HUNAN = {
    "path": "43", "code": "43", "name": "湖南省", "level": "province", "parent": "", "has_congress": True,
}  # fmt: skip
TEXT = {
    "title": "关于更换供水管网的建议", "situation": "管网漏损。", "analysis": "管材老化。", "proposals": "请水利厅更换。",
    "kind": "suggestion", "category": "水利",
}  # fmt: skip


class Story:
    """Two leaders who happen to have the same name, a post, and a key suggestion that names the post."""

    def __init__(self, network) -> None:
        self.network = network
        self.directory("register_divisions", divisions=[HUNAN])
        session = {"term": 14, "ordinal": 1, "opens_on": "2023-01-13", "closes_on": "2023-01-19"}
        self.directory("open_session", congress=PROVINCE, **session)
        seat = self.directory("register_deputy", congress=PROVINCE, name="代表甲")
        self.first, self.second, self.namesake = (
            self.leader(login, name) for login, name in (("a", "李四"), ("b", "王五"), ("c", "李四"))
        )
        self.post = self.register("副主任", "standing_committee")
        self.appoint(self.first)
        writer = deputy("代表甲", seat)
        self.id = network.do(writer, "intake", "draft_suggestion", congress=PROVINCE, **TEXT)["id"]
        network.do(writer, "intake", "submit_suggestion", self.id)
        network.do(liaison(), "intake", "accept_suggestion", self.id)

    def directory(self, command: str, id: str = "", **data) -> str:
        return str(self.network.do(SYSTEM, "directory", command, id, **data)["id"])

    def leader(self, login: str, name: str, role: str = "standing_leader") -> Actor:
        roles = [{"role": role, "congress": PROVINCE}]
        id = self.directory("add_account", login=login, name=name, password="a-long-password", roles=roles)
        return Actor(id, name, (Role(role, PROVINCE),))

    def register(self, name: str, kind: str) -> str:
        return str(self.network.do(liaison(), "directory", "register_office", congress=PROVINCE, name=name, kind=kind)["id"])  # fmt: skip

    def appoint(self, who: Actor, since: str = "2023-01-10", **more) -> None:
        self.network.do(
            liaison(), "directory", "appoint", self.post, account=who.account, since=since, **more
        )

    def make_key(self, **mark) -> None:
        named = {
            "theme": "供水安全",
            "leading_supervisor_id": self.post,
            "sponsor": "副省长甲",
            "committee": "农委",
        }
        self.network.do(liaison(), "intake", "make_key", self.id, **{**named, **mark})

    def key(self) -> dict:
        return self.network.ask(liaison(), "intake", "suggestion", id=self.id)["key"]

    def supervises(self, who: Actor) -> list[str]:
        """As what the person finds the suggestion on the own board."""
        lines = self.network.ask(who, "supervision", "supervision_board")["lines"]
        return [party for line in lines for party in line["parties"]]


@pytest.fixture
def story(network_of):
    return Story(network_of(*SERVICES, today=date(2023, 1, 15)))


def test_it_is_whose_account_holds_the_post_and_not_who_has_the_name(story):
    story.make_key()
    assert story.key()["leading_supervisor"] == "副主任李四"
    assert story.supervises(story.first) == ["牵头督办"]
    assert story.supervises(story.namesake) == story.supervises(story.second) == []


def test_when_somebody_else_is_appointed_the_duty_passes_on_with_a_trace(story):
    story.make_key()
    story.network.on(date(2023, 3, 1))
    story.appoint(story.second, since="2023-03-01", reason="第二次会议选举。")
    assert (story.supervises(story.first), story.supervises(story.second)) == ([], ["牵头督办"])
    assert story.key()["leading_supervisor"] == "副主任王五"
    page = story.network.ask(liaison(), "supervision", "ledger_line", id=story.id)
    assert page["line"]["key_mark"]["leading_supervisor"] == "副主任王五"
    last = page["timeline"][-1]
    assert "副主任王五" in last["text"] and "第二次会议选举" in last["reason"]
    held = story.network.ask(liaison(), "directory", "offices", congress=PROVINCE)[0]["holders"]
    assert [(one["name"], one["since"], one["until"]) for one in held] == [
        ("李四", "2023-01-10", "2023-03-01"),
        ("王五", "2023-03-01", ""),
    ]


def test_what_was_marked_by_name_goes_on_by_name(story):
    story.make_key(leading_supervisor_id="", leading_supervisor="副主任王五")
    assert story.supervises(story.second) == ["牵头督办"]
    story.appoint(story.second, since="2023-01-12")
    assert story.key()["leading_supervisor"] == "副主任王五"


def test_what_is_closed_stays_with_who_had_it(story):
    story.make_key()
    story.network.tell(
        "suggestion.closed.v1", story.id, closed_on="2023-01-15", reply_class="A", note="", measure=""
    )
    story.appoint(story.second, since="2023-01-15")
    assert story.key()["leading_supervisor"] == "副主任李四"


def test_a_vacant_post_is_said_to_be_vacant_and_nobody_finds_it(story):
    story.make_key()
    story.network.do(
        liaison(), "directory", "relieve", story.post, account=story.first.account, on="2023-01-15"
    )
    assert story.key()["leading_supervisor"] == "副主任（空缺）"
    assert story.supervises(story.first) == []


def test_a_committee_is_several_people(story):
    members = [story.leader(login, name, "committee") for login, name in (("m", "委员甲"), ("n", "委员乙"))]
    committee = story.register("农业与农村委员会", "committee")
    for member in members:
        story.network.do(
            liaison(), "directory", "appoint", committee, account=member.account, since="2023-01-10"
        )
    story.make_key(committee="", committee_id=committee)
    assert [story.supervises(member) for member in members] == [["对口督办"], ["对口督办"]]
    assert story.key()["committee"] == "农业与农村委员会"


@pytest.mark.parametrize(
    ("mark", "field"),
    [
        ({"leading_supervisor_id": ""}, "leading_supervisor"),
        ({"leading_supervisor_id": "0190a1b2-0000-7000-8000-000000000001"}, "leading_supervisor_id"),
    ],
)
def test_a_role_without_post_and_name_is_refused_beside_its_field(story, mark, field):
    with pytest.raises(Invalid) as refusal:
        story.make_key(**mark)
    assert list(refusal.value.errors) == [field] and story.key() is None


def test_a_government_s_post_does_not_lead_the_supervision(story):
    governor = story.register("副省长", "government")
    with pytest.raises(Invalid):
        story.make_key(leading_supervisor_id=governor)
    with pytest.raises(Invalid):  # nor does a leader of the congress hold it
        story.network.do(
            liaison(), "directory", "appoint", governor, account=story.first.account, since="2023-01-10"
        )


def test_nobody_is_appointed_in_the_future_or_before_the_one_before(story):
    for since in ("2023-02-01", "2023-01-01"):
        with pytest.raises(Invalid) as refusal:
            story.appoint(story.second, since=since)
        assert list(refusal.value.errors) == ["since"]
    with pytest.raises(NotAllowed):
        story.network.do(
            story.second, "directory", "appoint", story.post, account=story.second.account, since="2023-01-12"
        )


def test_a_post_that_somebody_holds_is_not_abolished(story):
    with pytest.raises(Invalid):
        story.network.do(liaison(), "directory", "close_office", story.post, reason="机构改革")
    story.network.do(
        liaison(), "directory", "relieve", story.post, account=story.first.account, on="2023-01-15"
    )
    story.network.do(liaison(), "directory", "close_office", story.post, reason="机构改革")
    with pytest.raises(Invalid):
        story.make_key()


def test_a_place_calls_the_parties_as_it_does(story):
    words = {"leads": "主任联办", "sponsors": "市长领办"}
    laid = {"name": "key_words", "congress": PROVINCE, "settings": words, "effective_on": "2023-01-15"}
    story.network.do(liaison(), "directory", "set_practice", **laid)
    story.make_key()
    assert story.supervises(story.first) == ["主任联办"]
    board = story.network.ask(liaison(), "supervision", "key_board", congress=PROVINCE, year=2023)
    assert board["words"] == {"leads": "主任联办", "sponsors": "市长领办", "oversees": "对口督办"}


def test_who_holds_a_post_is_to_have_a_key_suggestion(story):
    def without_any():
        board = story.network.ask(liaison(), "supervision", "key_board", congress=PROVINCE, year=2023)
        return [one["name"] for one in board["without_any"]]

    assert without_any() == ["副主任李四"]
    story.make_key()
    assert without_any() == []
