"""Scores of units: drawn up by rules, announced, contested, decided, commended; and who reads them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.figure_questions import sees_all_figures
from services.evaluation.hooks import Handled, Points
from services.evaluation.model.evaluation import Evaluation
from services.evaluation.model.figures import OF_CONGRESS, OF_JUDGEMENTS
from services.evaluation.model.parts import REPLY_DEADLINES, Named
from services.evaluation.model.score import (
    ANNOUNCED,
    DRAFTED,
    SCORE_RULES,
    Part,
    Place,
    UnitScore,
    parts_of,
    together,
)
from services.evaluation.told import Told
from shared.problems import Invalid, NotAllowed
from shared.store import converter
from shared.terms import UNIT_KINDS
from shared.work import Work

Data = dict[str, Any]
MOST_HANDLED = 500  # suggestions of one unit that plugins are told of
MOST_UNITS = 5000
MOST_NAME = 30

# --- commands -----------------------------------------------------------------------------------------


def score_unit(work: Work, data: Data) -> Data:
    """Score a unit, or score it again: the newest score counts."""
    congress, unit, year = data["congress"], data["unit"], data["year"]
    work.authorize(SCORE_RULES, "score_unit", congress)
    known = work.copies.get("unit", unit)
    if known is None:
        raise Invalid("没有找到这个承办单位。", {"unit": ["没有找到这个承办单位，请重新选择。"]})
    most = _bonus_most(work, congress)
    if data["bonus"] > most:
        wrong = f"本级规定附加分最多{most}分。"
        raise Invalid(wrong, {"bonus": [wrong]})
    score = _drawn_up(work, congress, unit, year, known, _figures(work, congress, year, unit)[unit], data)
    return {"id": score.id, "version": score.version, "points": score.points}


def score_all(work: Work, data: Data) -> Data:
    """Draw up the scores of all units that handled something in the year; bonuses given by hand stay.

    Units about which there is nothing to say, and those of which an objection waits, are left as they are.
    """
    congress, year = data["congress"], data["year"]
    work.authorize(SCORE_RULES, "score_all", congress)
    figures = _figures(work, congress, year)
    scored, left = 0, []
    for unit, of_unit in sorted(figures.items()):
        known = work.copies.get("unit", unit)
        before = t.score_store.get(work.connection, UnitScore.id_of(congress, unit, year))
        if known is None or (before and before.waits_for_decision):
            left.append(known["name"] if known else unit)
            continue
        given = {"bonus": before.bonus if before else 0, "reason": before.reason if before else ""}
        try:
            _drawn_up(work, congress, unit, year, known, of_unit, given)
            scored += 1
        except Invalid:
            left.append(known["name"])
    return {"id": "", "scored": scored, "left": left}


def announce_scores(work: Work, data: Data) -> Data:
    """Tell all units their scores of a year; those told already are not told again."""
    congress, year = data["congress"], data["year"]
    work.authorize(SCORE_RULES, "announce_scores", congress)
    all_of_year = _of_year(work, congress, year)
    found = [score for score in all_of_year if score.state == DRAFTED]
    if not found:
        raise Invalid("没有拟定的评分可以公布。", {"year": ["这一年没有拟定而没有公布的评分。"]})
    for score in found:
        alike = [other.points for other in all_of_year if other.kind == score.kind]
        score.announce(Place.among(score.points, alike), work.actor, work.now)
        work.save(t.score_store, score)
    return {"id": "", "announced": len(found)}


def contest_point(work: Work, score: UnitScore, data: Data) -> None:
    days = work.practices.settings("scores", score.congress, on=work.today)["contest_days"]
    score.contest(data["part"], data["reason"], days, work.actor, work.now)


def decide_contest(work: Work, score: UnitScore, data: Data) -> None:
    points = float(data["points"]) if data["points"] is not None else None
    most = _bonus_most(work, score.congress)
    score.decide(data["part"], data["upheld"], points, data["reason"], work.actor, work.now, most)


def commend_unit(work: Work, score: UnitScore, data: Data) -> None:
    score.commend(data["reason"], work.actor, work.now)


# --- by which rules -----------------------------------------------------------------------------------


def _drawn_up(
    work: Work,
    congress: str,
    unit: str,
    year: int,
    known: Data,
    figures: dict[str, tuple[int, int]],
    data: Data,
) -> UnitScore:
    id = UnitScore.id_of(congress, unit, year)
    score = t.score_store.get(work.connection, id, lock=True) or UnitScore(
        id=id,
        congress=congress,
        unit=Named(unit, known["name"]),
        kind=known["kind"],
        year=year,
        state=DRAFTED,
    )
    parts = _parts_of_plugins(work, congress, unit, known["kind"], year, figures) or parts_of(figures)
    most = _bonus_most(work, congress)
    score.score(parts, data["bonus"], data["reason"], work.actor, work.now, most)
    work.save(t.score_store, score)
    return score


def _parts_of_plugins(
    work: Work, congress: str, unit: str, kind: str, year: int, figures: dict[str, tuple[int, int]]
) -> list[Part]:
    """What the plugins answer that are on at the congress; what is no number from 0 to the most is brought within it.

    The congress's rules hold for all its units: what a unit lays down for itself counts for its sections, for nobody makes
    the rules by which he is judged, and only who is judged alike can be ranked.
    """
    facts = {"kind": kind, "year": year, "figures": figures, "handled": _handled(work, congress, unit, year)}
    answers = work.ask_plugins("points", congress, "", work.today, congress=congress, unit=unit, **facts)
    labels = {name: practice.label for name, practice in work.known_practices.items()}
    return together([_part(plugin, points) for plugin, points in answers], labels)


def _bonus_most(work: Work, congress: str) -> int:
    return int(work.practices.settings("scores", congress, on=work.today)["bonus_most"])


def _part(plugin: str, points: Points) -> Part:
    most = max(round(float(points.most), 2), 0.0)
    return Part(
        points.name[:MOST_NAME], min(max(round(float(points.points), 2), 0.0), most), most, points.because, points.figure,
        list(points.suggestions), points.is_bonus, plugin,
    )  # fmt: skip


def _figures(work: Work, congress: str, year: int, unit: str = "") -> dict[str, dict[str, tuple[int, int]]]:
    """The figures of one unit or of all: {unit: {figure: (numerator, denominator)}}.

    The unit reads its score: of judgements it holds what the unit may know, and not what is not closed yet.
    """
    f = t.figures.c
    query = sa.select(f.owner, f.figure, f.numerator, f.denominator).where(
        f.congress == congress, f.year == year, f.owner == unit if unit else f.owner != OF_CONGRESS
    )
    found: dict[str, dict[str, tuple[int, int]]] = {unit: {}} if unit else {}
    for row in work.connection.execute(query):
        found.setdefault(row.owner, {})[row.figure] = (row.numerator, row.denominator)
    told = Told(work, congress, (year, year), list(found))
    for owner, figures in found.items():
        for figure in OF_JUDGEMENTS:
            figures[figure] = told.of(owner, year, figure)[:2]
    return found


def _handled(work: Work, congress: str, unit: str, year: int) -> tuple[Handled, ...]:
    c = t.contributions.c
    of_unit = (c.congress == congress, c.owner == unit, c.year == year, c.figure == "solved")
    ids = list(work.connection.scalars(sa.select(c.suggestion_id).where(*of_unit).limit(MOST_HANDLED)))
    return tuple(
        _told(found, unit, work) for _, found in sorted(t.store.get_many(work.connection, ids).items())
    )


def _told(found: Evaluation, unit: str, work: Work) -> Handled:
    replies = [reply for reply in found.replies if reply.unit.id == unit]
    due = [d for d in found.deadlines.values() if d.kind in REPLY_DEADLINES and d.unit == unit and d.counts]
    promises = [c for c in found.commitments.values() if c.unit == unit and c.is_due(work.today)]
    return Handled(
        found.id, found.number, found.title, found.key, replies[-1].newest_class if replies else "",
        not any(d.missed for d in due) if due else None, len(replies), unit in found.talked,
        len(promises), sum(c.kept for c in promises), replies[-1].newest_means if replies else "",
    )  # fmt: skip


# --- who reads them -----------------------------------------------------------------------------------


def scores(work: Work, params: Data) -> list[Data]:
    """The scores of a year, ranked within units of the same kind; a unit sees its own, with its rank, once announced."""
    by_kind: dict[str, list[UnitScore]] = {}
    for score in _of_year(work, params["congress"], params["year"]):
        by_kind.setdefault(score.kind, []).append(score)
    own, sees_all = work.actor.units(), sees_all_figures(work.actor, params["congress"])
    return [
        _score(score, among, work)
        for _, among in sorted(by_kind.items())
        for score in among
        if sees_all or (score.unit.id in own and score.state == ANNOUNCED)
    ]


def _of_year(work: Work, congress: str, year: int) -> list[UnitScore]:
    """The best first."""
    s = t.scores.c
    found = t.score_store.find(work.connection, s.congress == congress, s.year == year, limit=MOST_UNITS)
    return sorted(found, key=lambda score: (-score.points, score.unit.name))


def _score(score: UnitScore, among: list[UnitScore], work: Work) -> Data:
    place = Place.among(score.points, [other.points for other in among])
    return {
        "id": score.id,
        "version": score.version,
        "congress": score.congress,
        "unit": converter.unstructure(score.unit),
        "kind": score.kind,
        "kind_label": UNIT_KINDS.get(score.kind, score.kind),
        "year": score.year,
        "state": score.state,
        "state_label": score.rules.states[score.state],
        "points": score.points,
        "parts": [converter.unstructure(part) for part in score.parts],
        "bonus": score.bonus,
        "reason": score.reason,
        "bonus_contest": converter.unstructure(score.bonus_contest) if score.bonus_contest else None,
        "commended": score.commended,
        "rank": place.rank,
        "of": place.of,
        "is_last": place.is_last,
        "scored_on": score.scored_on,
        "history": [converter.unstructure(step) for step in score.history],
        "may": _may(score, work),
    }


def _may(score: UnitScore, work: Work) -> list[dict[str, str]]:
    """What the person may do with it now: by the table, less what there is nothing to be done about."""
    possible = {
        "contest_point": score.bonus_contest is None or any(part.contest is None for part in score.parts),
        "decide_contest": score.waits_for_decision,
        "commend_unit": not score.commended,
    }
    return [line for line in score.may(work.actor) if possible[line["command"]]]


def contests_to_decide(work: Work, offices: list[str]) -> list[Data]:
    """For the office: objections that wait."""
    s = t.scores.c
    found = t.score_store.find(work.connection, s.congress.in_(offices), s.waits.is_(True), limit=200)
    return [
        {
            "suggestion": "", "title": f"{score.unit.name}对{score.year}年评分的申诉", "number": "", "congress": score.congress,
            "command": "decide_contest", "what": "裁定申诉", "since": min(one.on.isoformat() for one in score.contests() if not one.decision),
            "page": f"/scores?congress={score.congress}&year={score.year}",
        }
        for score in found
    ]  # fmt: skip


def require_offices(work: Work, congress: str) -> None:
    """Raise unless the person oversees the congress."""
    if not sees_all_figures(work.actor, congress):
        raise NotAllowed("只有本级人大的工作机构可以这样做。")
