"""报告和简报：the numbers of a year as they stand, the words that are filled in by hand, and a Word document of both."""

from __future__ import annotations

from datetime import date
from typing import Any

import flask
from flask import request

from services.gateway import access, reports, word
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from services.gateway.pages.places import named
from shared.contracts import Contracts
from shared.contracts import field as f
from shared.pace import aside
from shared.problems import Invalid, NotAllowed, NotFound

blueprint = flask.Blueprint("reports", __name__)

OFFICES = ("liaison", "distributing")

# Nothing is kept: a form with what is said in the document, no command.
FORM = Contracts("reports").query(
    "report", "", "生成 Word 文档", "",
    **{name: f.text(label, most=10000, required=False, long=True) for name, label in reports.TEXTS.items()},
    signed=f.text("落款", most=100, required=False), number=f.text("期号（如 12，总第686）", most=30, required=False),
    editor=f.text("编辑", most=50, required=False), recipients=f.text("发送范围", most=500, required=False),
)  # fmt: skip
OF_BULLETIN = ("number", "editor", "recipients")


@blueprint.get("/reports")
@access.signed_in
def kinds() -> str:
    congress, _ = _place()
    return flask.render_template(
        "reports.html",
        kinds=reports.KINDS,
        congress=congress,
        congresses=_choices(),
        year=access.today().year,
    )


@blueprint.get("/reports/<kind>")
@access.signed_in
def report(kind: str) -> str:
    """The form, and the numbers that will be in the document."""
    facts = _facts(kind)
    return _page(kind, facts, {}, {})


@blueprint.post("/reports/<kind>")
@access.signed_in
def download(kind: str) -> Any:
    facts, posted = _facts(kind), forms.read(FORM, request.form)
    try:
        texts = FORM.load(posted)
    except Invalid as problem:
        return _page(kind, facts, posted, problem.errors), problem.status
    paper = reports.write(kind, facts, texts)
    name = f"{paper.title}{facts.day:%Y%m%d}.docx"
    return word.as_download(aside(word.write, paper), name)


def _page(kind: str, facts: reports.Facts, posted: dict[str, Any], errors: dict[str, Any]) -> str:
    wanted, congress = reports.KINDS[kind], _place()[0]
    by_hand = {part for _, part in wanted.parts if isinstance(part, str)} | {"opening", "signed"}
    if kind == "bulletin":
        by_hand |= set(OF_BULLETIN)
    fields = forms.fields_of(FORM, {"signed": f"{facts.of}联工委", **posted}, errors)
    paper = reports.write(kind, facts, {})
    return flask.render_template(
        "report.html", kind=kind, kinds=reports.KINDS, facts=facts, paper=paper, fields=[one for one in fields if one.name in by_hand],
        congress=congress, congresses=_choices(),
    )  # fmt: skip


# --- what is meant --------------------------------------------------------------------------------------------------


def _own() -> list[str]:
    return sorted({path for role in OFFICES for path in current_actor.congresses(role) if path})


def _choices() -> dict[str, str]:
    own = _own()
    return named(own) if len(own) > 1 else {}


def _place() -> tuple[str, str]:
    """The congress that is meant, with its name. Raises NotAllowed for who has no office there."""
    own = _own()
    congress = request.values.get("congress") or next(iter(own), "")
    if congress not in own:
        raise NotAllowed("报告和简报由本级联工委和交办单位编写。")
    return congress, named([congress])[congress]


def _facts(kind: str) -> reports.Facts:
    if kind not in reports.KINDS:
        raise NotFound("没有这种报告。")
    congress, of = _place()
    today = access.today()
    year = request.values.get("year", "").strip()
    of_year = int(year) if year.isdecimal() and 1949 <= int(year) <= 2100 else today.year
    last = date(of_year, 6, 30) if kind == "half_year" else date(of_year, 12, 31)
    since, until = _day("since", date(of_year, 1, 1)), _day("until", min(today, last))
    return reports.gather(calls, congress, of, of_year, since, max(since, until), today)


def _day(name: str, usual: date) -> date:
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return usual
