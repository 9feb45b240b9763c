"""A whole delegation's suggestion is answered: its members read the reply too, where the place says so, and judge nothing."""

from __future__ import annotations

import pytest
from harness import PROVINCE, deputy

from shared.aggregate import new_id
from shared.practices import id_of
from shared.problems import NotFound

TEAM, MEMBER, GONE, OTHER = (new_id() for _ in range(4))


@pytest.fixture
def answered(place):
    """Answers a suggestion of the delegation, after the place has said whether its members get the reply."""

    def answer(to_members):
        for seat, team, active in ((MEMBER, TEAM, True), (GONE, TEAM, False), (OTHER, new_id(), True)):
            seated = {"name": "代表丁", "delegation": team, "delegation_name": "某团", "active": active}
            place.network.tell("deputy.recorded.v1", seat, **seated)
        version = {
            "effective_on": "2023-01-01",
            "on": True,
            "settings": {"reply_to_members": to_members},
            "ended": False,
        }
        laid_down = {"name": "delegations", "place": PROVINCE, "kind": "congress", "congress": PROVINCE}
        place.network.tell(
            "practice.recorded.v1", id_of(PROVINCE, "delegations"), **laid_down, versions=[version]
        )
        id = place.accepted(1, delegation="长沙代表团", delegation_id=TEAM)
        assert [
            line["delegation"] for line in place.ask(place.office, "assignment_desk", congress=PROVINCE)
        ] == ["长沙代表团"]
        place.do(place.office, "assign_suggestion", id, lead=place.tax)
        place.act("sign_for", id, place.tax)
        place.replied(id, place.tax)
        return id

    return answer


def test_members_read_the_reply_and_nothing_else_where_the_place_says_so(place, answered):
    id = answered(True)
    seen = place.handling(id, deputy("代表丁", MEMBER))
    assert [reply["text"] for reply in seen["replies"]] == [
        place.handling(id, place.office)["replies"][0]["text"]
    ]
    assert (seen["tasks"], seen["history"], seen["may"]) == ([], [], [])
    (told,) = place.events(id, "reply.issued")
    assert [member["id"] for member in told["copied_to"]] == [MEMBER]
    assert MEMBER not in [one["id"] for one in told["deputies"]]
    for seat in (GONE, OTHER):
        with pytest.raises(NotFound):
            place.handling(id, deputy("代表丁", seat))


def test_where_the_place_has_not_said_so_they_do_not(place, answered):
    id = answered(False)
    with pytest.raises(NotFound):
        place.handling(id, deputy("代表丁", MEMBER))
