"""Adding, replacing, removing and rebuilding, on both engines."""

from __future__ import annotations

import threading

import pytest

from services.search.engine import PUBLIC, Query
from shared.problems import Unavailable


def test_the_last_version_counts(library):
    library.put("it", body="农村公路", year=2022)
    library.put("it", body="城市公园", year=2023)
    assert library.find("公路") == set()
    assert library.find("公园") == {"it"}
    assert library.facet("year") == {"2023": 1}
    assert library.engine.count() == 1


def test_the_last_version_counts_also_within_a_batch(library):
    versions = [library.document("it", body=body) for body in ("农村公路", "城市公园")]
    assert library.engine.index(iter(versions)) == 2
    library.engine.refresh()
    assert library.find("公路") == set()
    assert library.find("公园") == {"it"}


def test_removed(library):
    for name in ("a", "b", "c"):
        library.put(name, body="公路")
    library.remove("a", "c")
    library.engine.remove(["unknown", "11111111-1111-1111-1111-111111111111"])
    library.engine.remove([])
    assert library.find("公路") == {"b"}
    assert library.engine.count() == 1
    library.put("a", body="公路")
    assert library.find("公路") == {"a", "b"}


def test_nothing_to_index(library):
    assert library.engine.index([]) == 0
    assert library.engine.count() == 0
    assert library.find() == set()


def test_a_batch_that_breaks_off_leaves_nothing_half_done(library):
    library.put("old", body="公路")

    def documents():
        yield library.document("old", body="公园")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        library.engine.index(documents())
    library.put("new", body="公路")
    assert library.find("公路") == {"old", "new"}


def test_many_at_once(library):
    documents = [library.document(f"{n}", body=f"公路 {n}") for n in range(2_500)]
    assert library.engine.index(documents) == library.engine.count() == 2_500
    assert library.page("公路").total == 2_500
    assert library.find("1234") == {"1234"}


class TestRebuild:
    def test_the_old_one_answers_until_it_is_finished(self, library):
        library.put("old", body="公路")
        target = library.engine.begin_rebuild()
        library.put("new", target, body="公路")
        assert library.find("公路") == {"old"}
        library.engine.finish_rebuild(target)
        assert library.find("公路") == {"new"}
        assert library.engine.count() == 1
        library.put("newer", body="公路")
        assert library.find("公路") == {"new", "newer"}

    def test_what_changes_meanwhile_wins(self, library):
        stale = [
            library.document(name, body="公路") for name in ("changed", "changed before", "removed", "kept")
        ]
        library.engine.index(stale)
        target = library.engine.begin_rebuild()
        library.put("changed before", body="公园")
        library.remove("removed")
        library.engine.index(stale, target)
        library.put("changed", body="公园")
        library.put("added", body="公园")

        for _ in range(2):  # before and after the switch
            assert library.find("公路") == {"kept"}
            assert library.find("公园") == {"changed", "changed before", "added"}
            if _ == 0:
                library.engine.finish_rebuild(target)
        assert library.engine.count() == 4

    def test_searches_and_changes_go_on(self, library):
        documents = [library.document(f"{n}", body="公路") for n in range(500)]
        library.engine.index(documents)
        library.engine.refresh()
        totals, stop = [], threading.Event()

        def search():
            while not stop.is_set():
                totals.append(library.engine.search(Query("公路", limit=100), PUBLIC).total)

        searching = threading.Thread(target=search)
        searching.start()
        try:
            for _ in range(3):
                target = library.engine.begin_rebuild()
                for start in range(0, 500, 100):
                    library.engine.index(documents[start : start + 100], target)
                library.engine.finish_rebuild(target)
        finally:
            stop.set()
            searching.join()
        assert set(totals) == {500}

    def test_a_second_one_takes_the_place_of_the_first(self, library):
        library.put("old", body="公路")
        first = library.engine.begin_rebuild()
        library.put("first", first, body="公路")
        second = library.engine.begin_rebuild()
        library.put("second", second, body="公路")
        with pytest.raises(Unavailable):
            library.engine.index([library.document("late")], first)
        with pytest.raises(Unavailable):
            library.engine.finish_rebuild(first)
        library.engine.abandon_rebuild(first)
        assert library.find("公路") == {"old"}
        library.engine.finish_rebuild(second)
        assert library.find("公路") == {"second"}
        with pytest.raises(Unavailable):
            library.engine.finish_rebuild(second)

    def test_abandoned(self, library):
        library.put("old", body="公路")
        target = library.engine.begin_rebuild()
        library.put("new", target, body="公路")
        library.engine.abandon_rebuild(target)
        library.engine.abandon_rebuild(target)
        library.put("later", body="公路")
        assert library.find("公路") == {"old", "later"}


def test_healthy(library):
    assert library.engine.healthy()
