"""The yearly appraisal of units by their distributing office: who is graded, by whom, and who reads it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.figure_questions import unit_copies
from services.evaluation.model.figures import OF_CONGRESS
from services.evaluation.model.grading import ANNOUNCED, DRAFTED, YearGrade, is_office
from services.evaluation.model.parts import Named
from services.evaluation.model.score import ANNOUNCED as SCORE_ANNOUNCED
from services.evaluation.model.score import UnitScore
from shared.identity import Actor
from shared.problems import NotAllowed, NotFound
from shared.store import converter
from shared.terms import YEAR_GRADES
from shared.work import Work

Data = dict[str, Any]
DEEPEST = 6  # levels of units below an office
MOST = 500
WHOLE = "交办单位"  # an office that has no unit of its own


def grade_unit(work: Work, data: Data) -> Data:
    """Grade a unit of one's own system; a unit of another is as unknown as one that is not there."""
    congress, unit, year = data["congress"], data["unit"], data["year"]
    if not _offices(work.actor, congress):
        raise NotAllowed("年度考核由交办单位对归口管理的承办单位进行。")
    work.authorized = True
    copies = unit_copies(work, [unit])
    office = next((o for o in _offices(work.actor, congress) if unit in _below(work, o, copies)), None)
    if office is None or unit not in copies:
        raise NotFound("没有找到这个承办单位，请从归口管理的单位中选择。")
    id = YearGrade.id_of(congress, office, unit, year)
    grade = t.grade_store.get(work.connection, id, lock=True) or YearGrade(
        id=id, congress=congress, office=Named(office, _name(work, office)), unit=Named(unit, copies[unit]["name"]), year=year,
    )  # fmt: skip
    grade.give(data["grade"], data["reason"], data["follows"], work.actor, work.now)
    work.save(t.grade_store, grade)
    return {"id": grade.id, "version": grade.version, "state": grade.state}


def announce_grades(work: Work, data: Data) -> Data:
    """Tell the units of one's own system their grades of a year."""
    offices = _offices(work.actor, data["congress"])
    if not offices:
        raise NotAllowed("年度考核由交办单位对归口管理的承办单位进行。")
    work.authorized = True
    g = t.grades.c
    drafted = t.grade_store.find(
        work.connection, g.congress == data["congress"], g.year == data["year"], g.office_id.in_(offices), g.state == DRAFTED, limit=MOST,
    )  # fmt: skip
    if not drafted:
        raise NotFound(f"{data['year']}年没有拟定而没有公布的等次。")
    for grade in drafted:
        grade.announce(work.actor, work.now)
        work.save(t.grade_store, grade)
    return {"id": "", "announced": len(drafted)}


def contest_grade(work: Work, grade: YearGrade, data: Data) -> None:
    days = work.practices.settings("scores", grade.congress, on=work.today)["contest_days"]
    grade.contest(data["reason"], days, work.actor, work.now)


def decide_grade(work: Work, grade: YearGrade, data: Data) -> None:
    grade.decide(data["upheld"], data["grade"], data["reason"], work.actor, work.now)


def objections_to_decide(work: Work) -> list[Data]:
    """For the offices that graded: objections that wait."""
    g, acting = t.grades.c, [role for role in work.actor.roles if role.role == "distributing"]
    if not acting:
        return []
    mine = sa.or_(*(sa.and_(g.congress == role.congress, g.office_id == role.unit) for role in acting))
    found = t.grade_store.find(
        work.connection, mine, g.state == ANNOUNCED, g.year >= work.today.year - 1, limit=MOST
    )
    return [
        {
            "suggestion": "", "title": f"{grade.unit.name}对{grade.year}年等次的申诉", "number": "", "congress": grade.congress,
            "command": "decide_grade", "what": "裁定等次申诉", "since": grade.objection.on.isoformat(),
            "page": f"/grades?congress={grade.congress}&year={grade.year}",
        }
        for grade in found
        if grade.objection and grade.waits_for_decision
    ]  # fmt: skip


def grades(work: Work, params: Data) -> Data:
    """{lines, labels, may_grade}: for an office the units of its system that handled something in the year, each with the
    congress's announced score and the own grade; for units and the liaison office what was announced."""
    congress, year, g = params["congress"], params["year"], t.grades.c
    offices, mine = _offices(work.actor, congress), sorted(work.actor.units())
    is_told = sa.and_(g.state == ANNOUNCED, g.unit_id.in_(mine))
    if work.actor.has("liaison", congress):
        is_told = sa.and_(g.state == ANNOUNCED)
    found = t.grade_store.find(
        work.connection,
        g.congress == congress,
        g.year == year,
        sa.or_(g.office_id.in_(offices), is_told),
        limit=MOST,
    )
    scores = _scores(work, congress, year)
    lines = [_line(grade, scores, work.actor) for grade in found]
    graded = {grade.unit.id for grade in found if grade.office.id in offices}
    handled = unit_copies(work, _handling(work, congress, year)) if offices else {}
    for office in offices:
        for id in _below(work, office, handled) - graded - {office}:
            graded.add(id)
            blank = YearGrade(
                id="",
                congress=congress,
                office=Named(office, _name(work, office)),
                unit=Named(id, handled[id]["name"]),
                year=year,
            )
            lines.append(_line(blank, scores, work.actor))
    return {
        "labels": YEAR_GRADES, "may_grade": bool(offices), "drafted": sum(line["state"] == DRAFTED for line in lines),
        "lines": sorted(lines, key=lambda line: (line["office"]["name"], line["unit"]["name"])),
    }  # fmt: skip


def _offices(actor: Actor, congress: str) -> list[str]:
    """For which offices the person distributes at the congress: of systems, by their units, or for all of it (empty)."""
    systems = {r.unit for r in actor.roles if r.role == "distributing" and r.unit and r.congress == congress}
    return sorted(systems) + ([""] if is_office(actor, congress, "") else [])


def _below(work: Work, office: str, units: dict[str, Data]) -> set[str]:
    """Those of the units that stand in an office's tree; all of them where it distributes for the whole congress."""
    if not office:
        return set(units)
    found, known = set(), dict(units)
    climbing = {id: data.get("parent") or "" for id, data in units.items()}
    for _ in range(DEEPEST):
        found |= {id for id, parent in climbing.items() if parent == office}
        above = {parent for parent in climbing.values() if parent and parent != office}
        known |= unit_copies(work, sorted(above - known.keys())) if above - known.keys() else {}
        climbing = {
            id: known.get(parent, {}).get("parent") or ""
            for id, parent in climbing.items()
            if parent and parent != office
        }
        if not climbing:
            break
    return found


def _handling(work: Work, congress: str, year: int) -> list[str]:
    f = t.figures.c
    handled = (f.congress == congress, f.year == year, f.owner != OF_CONGRESS, f.denominator > 0)
    return list(work.connection.scalars(sa.select(f.owner).where(*handled).distinct()))


def _scores(work: Work, congress: str, year: int) -> dict[str, UnitScore]:
    s = t.scores.c
    found = t.score_store.find(work.connection, s.congress == congress, s.year == year, limit=5000)
    return {score.unit.id: score for score in found if score.state == SCORE_ANNOUNCED}


def _name(work: Work, office: str) -> str:
    known = work.copies.get("unit", office) if office else None
    return known["name"] if known else WHOLE


def _line(grade: YearGrade, scores: dict[str, UnitScore], actor: Actor) -> Data:
    score = scores.get(grade.unit.id)
    possible = {"contest_grade": grade.objection is None, "decide_grade": grade.waits_for_decision}
    return {
        "id": grade.id, "version": grade.version, "unit": converter.unstructure(grade.unit), "office": converter.unstructure(grade.office),
        "year": grade.year, "grade": grade.grade, "grade_label": YEAR_GRADES.get(grade.grade, ""), "reason": grade.reason,
        "follows": grade.follows, "state": grade.state, "state_label": grade.rules.states[grade.state],
        "announced_on": grade.announced_on.isoformat() if grade.announced_on else "", "points": score.points if score else None,
        "objection": converter.unstructure(grade.objection) if grade.objection else None,
        "may": [line["command"] for line in grade.may(actor) if possible.get(line["command"], False)],
    }  # fmt: skip
