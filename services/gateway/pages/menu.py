"""The main menu: what each role comes to do."""

from __future__ import annotations

from services.gateway.access import current_actor, is_signed_in
from services.gateway.pages.local import has_local
from shared.identity import SUPERVISORS, SUPERVISORS_OF_THE_CONGRESS

AT_A_CONGRESS = (
    "deputy",
    "liaison",
    "distributing",
    "handler",
    "unit_head",
    *SUPERVISORS,
    "station",
    "integrator",
    "system_office",
)
# path, what the menu says, and the roles that see it; everybody who is signed in where none are named.
ENTRIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/work", "我的工作", ()),
    ("/calendar", "年度日历", AT_A_CONGRESS),
    ("/write", "写建议", ("deputy",)),
    ("/review", "审查台", ("liaison",)),
    ("/assignment", "交办", ("liaison", "distributing")),
    ("/system", "归口办理", ("system_office",)),
    ("/unit", "本单位", ("handler", "unit_head", "system_office")),
    ("/key", "重点建议", ("liaison", "distributing", *SUPERVISORS)),
    ("/ledger", "台账", AT_A_CONGRESS),
    ("/supervision", "督办", tuple(role for role in AT_A_CONGRESS if role not in ("station", "integrator"))),
    ("/contacts", "走访", ("liaison", "distributing", "handler", "unit_head")),
    ("/stations", "联络站", ("deputy", "station", "liaison", *SUPERVISORS_OF_THE_CONGRESS)),
    ("/figures", "指标", AT_A_CONGRESS),
    ("/appraisals", "评议评优", ("deputy", "liaison", *SUPERVISORS_OF_THE_CONGRESS, "handler", "unit_head")),
    ("/scores", "评分", ("liaison", "distributing", "supervisor", "handler", "unit_head", "system_office")),
    ("/local", "本地做法", AT_A_CONGRESS),
    ("/search", "检索", ()),
    ("/materials", "资料", tuple(role for role in AT_A_CONGRESS if role != "integrator")),
    ("/directory", "名册", ("liaison", "operator")),
    ("/practices", "做法与设置", ("liaison", "unit_head", "operator")),
    ("/webhooks", "推送", ("integrator", "operator")),
    ("/operations", "运维", ("operator",)),
)
FOR_EVERYBODY = ("/search",)
ONLY_WITH_PRACTICES = "/local"  # where the place's practices bring something


# Pages that stand below an entry of another name.
BELOW = {
    "/activities": "/stations",
    "/awards": "/appraisals",
    "/demands": "/supervision",
    "/measures": "/supervision",
    "/commitments": "/supervision",
    "/reminders": "/supervision",
    "/circulars": "/supervision",
    "/look-backs": "/supervision",
    "/columns": "/supervision",
    "/bundles": "/supervision",
    "/deputy-words": "/supervision",
    "/sweeps": "/supervision",
    "/hearings": "/calendar",
    "/reports": "/calendar",
    "/analysis": "/calendar",
    "/results": "/figures",
    "/grades": "/scores",
}


# What stands below the calendar of the year, with the roles that see it.
OF_THE_YEAR: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/calendar", "年度日历", ()),
    ("/hearings", "审议", ()),
    ("/reports", "报告和简报", ("liaison", "distributing")),
    ("/analysis", "综合分析", ()),
)


def year_pages() -> list[tuple[str, str]]:
    """(path, label) of the pages about the whole year that the person in this request can use."""
    return [
        (path, label) for path, label, roles in OF_THE_YEAR if not roles or any(_is(role) for role in roles)
    ]


def entry_of(path: str) -> str:
    """The entry of the menu below which a page stands."""
    first = "/" + path.strip("/").partition("/")[0]
    return BELOW.get(first, first)


def menu() -> list[tuple[str, str]]:
    """(path, label) of what the person in this request can use."""
    if not is_signed_in():
        return [(path, label) for path, label, _ in ENTRIES if path in FOR_EVERYBODY]
    own = [(path, label) for path, label, roles in ENTRIES if not roles or any(_is(role) for role in roles)]
    return [entry for entry in own if entry[0] != ONLY_WITH_PRACTICES or has_local()]


HONOURS = (
    ("/appraisals", "代表评议", ("deputy", "liaison", *SUPERVISORS_OF_THE_CONGRESS, "handler", "unit_head")),
    ("/awards", "优秀建议", ("deputy", "liaison", *SUPERVISORS_OF_THE_CONGRESS)),
)


def honours() -> list[tuple[str, str]]:
    """(path, label) of what stands below 评议评优 for the person in this request."""
    return [(path, label) for path, label, roles in HONOURS if any(_is(role) for role in roles)]


def _is(role: str) -> bool:
    """Does the person have the role? A `system_office` distributes for one system, a `distributing` for the congress."""
    return bool(current_actor.units("distributing")) if role == "system_office" else current_actor.has(role)
