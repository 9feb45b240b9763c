"""What somebody may not see does not exist for them: not in hits, totals, facets or highlights. On both engines."""

from __future__ import annotations

import pytest

from services.search.engine import PUBLIC, Viewer

COUNTY, NEIGHBOUR, CITY = "43.01.81", "43.01.82", "43.01"
OFFICE = Viewer(everything_in=(COUNTY,))
UNIT = Viewer(unit_ids=("u1",))
LEAD, COSIGNER = Viewer(deputy_ids=("d1",)), Viewer(deputy_ids=("x", "d2"))


@pytest.fixture
def county(library):
    """One published and one unpublished suggestion of the county and of its neighbour, all about roads."""
    for congress, name in ((COUNTY, "ours"), (NEIGHBOUR, "theirs")):
        values = {
            "congress": congress,
            "category": "交通",
            "year": 2023,
            "state": "assigned",
            "reply_class": "B",
        }
        library.put(f"{name}, published", title="农村公路建设", published=True, **values)
        library.put(f"{name}, unpublished", title="农村公路养护", published=False, **values)
    return library


@pytest.mark.parametrize(
    "viewer", [PUBLIC, Viewer(everything_in=(COUNTY,), unit_ids=("u1",), public_only=True)]
)
def test_the_public_finds_what_is_published(county, viewer):
    assert county.find("公路", viewer) == county.find("", viewer) == {"ours, published", "theirs, published"}
    assert county.find("养护", viewer) == set()
    assert county.facet("category", "", viewer) == {"交通": 2}
    assert county.find("", viewer, published=False) == set()


def test_an_office_sees_all_of_its_congress_and_of_others_what_is_published(county):
    assert county.find("公路", OFFICE) == {"ours, published", "ours, unpublished", "theirs, published"}
    assert county.facet("year", "公路", OFFICE) == {"2023": 3}
    assert county.find("", OFFICE, congress=NEIGHBOUR) == {"theirs, published"}
    assert county.like("农村公路养护", viewer=OFFICE)[0] == "ours, unpublished"


@pytest.mark.parametrize("office", [CITY, "43", "", "43.01.8", "43.01.811"])
def test_the_office_of_another_level_or_a_like_path_sees_only_what_is_published(county, office):
    assert county.find("公路", Viewer(everything_in=(office,))) == {"ours, published", "theirs, published"}


def test_the_national_office_sees_its_own(library):
    library.put("national", congress="", published=False)
    library.put("provincial", congress="43", published=False)
    assert library.find(viewer=Viewer(everything_in=("",))) == {"national"}


@pytest.mark.parametrize("viewer", [UNIT, LEAD, COSIGNER, OFFICE])
def test_its_unit_its_deputies_and_its_office_see_all_of_it(library, viewer):
    library.put(
        "theirs", congress=COUNTY, published=False, unit_ids=["u2", "u1"], deputy_ids=["d1", "d2"],
        body="农村公路", private_reply="内部安排资金", reply_class="C", extra={"task": "t1"},
    )  # fmt: skip
    library.put(
        "not theirs", congress=NEIGHBOUR, published=False, unit_ids=["u"], deputy_ids=["d11"], body="农村公路"
    )

    assert library.find("公路", viewer) == library.find("内部安排", viewer) == {"theirs"}
    assert library.facet("reply_class", "", viewer) == {"C": 1}
    (hit,) = library.page("安排", viewer).hits
    assert hit.reply_highlight == "内部<mark>安排</mark>资金"
    assert hit.document.extra == {"task": "t1"}
    assert hit.document.reply_class == "C"


class TestReplyThatIsNotPublic:
    @pytest.fixture
    def library(self, library):
        library.put(
            "it", congress=COUNTY, published=True, title="农村公路", body="路面狭窄。", category="交通",
            private_reply="涉密工程暂缓公路建设", reply_class="C", extra={"phone": "1"}, unit_ids=["u1"], units=["交通局"],
        )  # fmt: skip
        library.put(
            "open", congress=COUNTY, published=True, title="城市公园", body="绿地。", category="城建",
            public_reply="暂缓建设公园", private_reply="涉密", reply_class="A",
        )  # fmt: skip
        return library

    @pytest.mark.parametrize("query", ["涉密", "涉密工程", "暂缓建设 公路", "公路建设", "密", '"工程暂缓"'])
    def test_is_not_searched_for_others(self, library, query):
        for viewer in (PUBLIC, Viewer(everything_in=(NEIGHBOUR,), deputy_ids=("d9",), unit_ids=("u9",))):
            page = library.page(query, viewer)
            assert (page.total, page.hits) == (0, [])
            assert not any(page.facets.values())
        assert library.find(query, OFFICE) >= {"it"}

    def test_is_not_shown_to_others(self, library):
        (hit,) = library.page("公路", PUBLIC).hits
        assert (hit.reply_highlight, hit.document.private_reply, hit.document.extra) == ("", "", {})
        (hit,) = library.page("公路", OFFICE).hits
        assert hit.reply_highlight == "涉密工程暂缓<mark>公路</mark>建设"

    def test_a_public_reply_is_searched_and_shown(self, library):
        (hit,) = library.page("暂缓", PUBLIC).hits
        assert hit.reply_highlight == "<mark>暂缓</mark>建设公园"

    def test_its_class_is_not_known_to_others(self, library):
        assert library.facet("reply_class", viewer=PUBLIC) == {"A": 1}
        assert library.facet("reply_class", viewer=OFFICE) == {"A": 1, "C": 1}
        assert library.facet("reply_class", viewer=UNIT) == {"A": 1, "C": 1}
        assert library.find(reply_class="C") == set()
        assert library.find(viewer=UNIT, reply_class="C") == {"it"}
        assert library.find(viewer=Viewer(unit_ids=("u9",)), reply_class="C") == set()
        (hit,) = library.page("公路", PUBLIC).hits
        assert hit.document.reply_class == ""

    def test_does_not_make_anything_similar(self, library):
        assert library.like("涉密工程暂缓", viewer=OFFICE) == []

    def test_once_public_it_is_found(self, library):
        library.put("it", congress=COUNTY, public_reply="涉密工程暂缓公路建设", reply_class="C")
        assert library.find("涉密") == {"it"}
        assert library.facet("reply_class") == {"A": 1, "C": 1}


def test_withdrawn_from_the_public_it_is_gone(library):
    library.put("it", body="农村公路", congress=COUNTY)
    assert library.find("公路") == {"it"}
    library.put("it", body="农村公路", congress=COUNTY, published=False)
    assert library.find("公路") == set()
    assert library.find("公路", OFFICE) == {"it"}
