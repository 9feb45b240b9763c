"""What the form of each command offers to choose from, and what it is filled in with beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from flask import request
from marshmallow import Schema
from marshmallow.fields import Field

from services.gateway import access
from services.gateway.access import calls
from services.gateway.pages import forms, places
from services.gateway.pages.dossier import Dossier
from services.gateway.pages.forms import Option, parts_of
from shared.contracts import Command, Query, assignment, directory, intake, search
from shared.offices import KIND_OF, ROLES_OF, called
from shared.problems import Problem
from shared.terms import CATEGORIES, NOT_ACCEPTED_REASONS

Data = dict[str, Any]

TEXT = (
    "title", "situation", "analysis", "proposals", "kind", "category", "basis", "several_years", "opinions",
)  # fmt: skip
DRAFT = ("text", "reply_class", "publicity", "contact", "phone", "commitments", "results", "without_opinions")
MOST_TITLE, MOST_BODY, LEAST = 200, 5000, 4  # characters of what search compares
OVER = (
    "submitted",
    "returned",
    "lettered",
    "handed_up",
    "merged",
    "split",
    "closed",
    "published",
)  # nothing is merged into these
MOST_WORDS = 80  # signs of what is looked for in titles and numbers
MARK = ("theme", *KIND_OF, *(f"{role}_id" for role in KIND_OF))
TASK_OVER = ("returned", "ended")
PLAN = ("handler", "phone", "leader", "sections", "plan", "steps", "expected_result", "quality", "reply_by")


def options_of(command: Command, dossier: Dossier, about: dict[str, str]) -> dict[str, list[Option]]:
    """By field, the lists that the command's fields choose from; `about` names the task that is meant."""
    found: dict[str, list[Option]] = {}
    for name, declared in _fields(command):
        source = OFFERED.get((command.name, name)) or OFFERED.get(("", str(declared.metadata.get("of", ""))))
        if source:
            found[name] = source(dossier)
    task = dossier.task(about.get("task", ""))
    if command.name == "distribute_task":
        found["units"] = _units_below(dossier, task)
    elif command.name == "adjudicate_return" and task.get("parent"):
        found["unit"] = _units_below(dossier, dossier.task(task["parent"]))
    return found


def _units_below(dossier: Dossier, task: Data) -> list[Option]:
    """The units below a task's unit that have nothing of this suggestion yet."""
    has_it = {option[0] for option in _handling_units(dossier)}
    below = _list(assignment.UNITS_BELOW, id=dossier.id, task=task["id"]) if task else []
    return [
        (unit["id"], unit["name"] + ("（还没有专门联络员）" if unit["lacks_clerk"] else ""))
        for unit in below
        if unit["id"] not in has_it
    ]


def _fields(command: Command) -> Iterator[tuple[str, Field]]:
    """The command's fields, and the parts of its repeated entries."""
    for name, declared in command.schema.fields.items():
        yield name, declared
        if declared.metadata.get("widget") == "items":
            yield from forms.parts_of(declared).items()


def beforehand(command: Command, dossier: Dossier, about: dict[str, str]) -> Data:
    """What the form begins with: what there is already, and the dates that are usual."""
    task = dossier.task(about.get("task", ""))
    given: Data = {name: value for name, value in about.items() if name in command.schema.fields}
    today = access.today().isoformat()
    match command.name:
        case "revise_suggestion":
            given |= {name: dossier.text.get(name) for name in TEXT}
            given["proposed_units"] = [unit["id"] for unit in dossier.text.get("proposed_units", ())]
        case "split_suggestion":
            whole = {name: dossier.text.get(name) for name in ("title", "situation", "analysis", "proposals")}
            given["parts"] = [whole, whole]  # to be cut down, each to its own matter
        case "correct_suggestion":
            given |= {name: dossier.text.get(name) for name in ("title", "kind", "category")}
        case "change_key_mark" if dossier.text.get("key"):
            given |= {name: dossier.text["key"].get(name, "") for name in MARK}
            given |= {role: "" for role in KIND_OF if given[f"{role}_id"]}  # named by its post
        case "accept_suggestion":
            given |= {name: dossier.text.get(name) for name in ("kind", "category")}
        case "make_plan" if task.get("plan"):
            given |= {name: task["plan"].get(name) for name in PLAN}
        case "draft_reply" if task.get("draft"):
            given |= {name: task["draft"].get(name) for name in DRAFT}
        case "draft_reply" if task.get("plan"):
            given |= {"contact": task["plan"]["handler"], "phone": task["plan"]["phone"]}
        case "log_contact":
            given |= {"on": today, "deputies": [deputy["id"] for deputy in dossier.deputies]}
        case "change_reply_class" if task.get("replies"):
            reply = task["replies"][-1]
            last = reply["supplements"][-1] if reply["supplements"] else {}
            said = dossier.reply(reply["id"]).get("kept_words", ())
            is_doubted = any(w["supplement"] == last.get("id") and w["kept"] != "kept" for w in said)
            is_done = last.get("solved") and not is_doubted
            given |= (
                {"reply_class": dossier.handling.get("solved", ""), "reason": "承诺已全部兑现。"}
                if is_done
                else {"reply_class": reply["reply_class"]}
            )
        case "log_meeting":
            given["on"] = today
        case "complete_step":
            blanks = dossier.part("step", about.get("step", "")).get("blanks", ())
            given["entries"] = [{"label": blank["label"]} for blank in blanks]
        case "agree_plan" | "confirm_contact" | "countersign_reply":
            given["agrees"] = True
        case "give_opinion" if task.get("opinion"):
            given["text"] = task["opinion"]["text"]
        case "remind_unit" if dossier.line.get("next_due_on"):
            line = dossier.line
            given["text"] = (
                f"《{dossier.title}》的{line['next_label']}期限是 {line['next_due_on']}，请抓紧办理。"
            )
        case "log_supervision":
            given["on"] = today
            planned = [
                visit for visit in dossier.supervision.get("visits", ()) if visit["state"] == "planned"
            ]
            if planned:  # what was fixed beforehand need not be written again
                visit = planned[0]
                given |= {name: visit[name] for name in ("method", "place", "led_by")} | {
                    "visit": visit["id"]
                }
                given["deputies"] = [g["deputy"]["id"] for g in visit["guests"] if g["answer"] == "comes"]
        case "record_instruction":
            given |= {"on": today, "units": [unit["id"] for unit in dossier.supervision.get("units", ())]}
        case "ask_progress":
            given["units"] = [unit["id"] for unit in dossier.supervision.get("units", ())]
        case "plan_supervision":
            given["units"] = [unit["id"] for unit in dossier.supervision.get("units", ())]
            given["deputies"] = [deputy["id"] for deputy in dossier.supervision.get("deputies", ())]
        case "reopen_suggestion" if dossier.evaluation.get("not_so"):
            given["reason"] = dossier.evaluation["not_so"][-1]["words"]
        case "keep_commitment":
            given["kept_on"] = today
        case "adjudicate_return" if task.get("returns") and task["returns"][-1]["proposed"]:
            given["unit"] = task["returns"][-1]["proposed"]["id"]
    return given


def units_of(congress: str) -> list[Option]:
    """The units that a congress may assign to."""
    return [
        (unit["id"], f"{unit['name']}（下一级）" if unit["below"] else unit["name"])
        for unit in _list(directory.UNITS, congress=congress)
        if unit["active"]
    ]


def deputies_of(congress: str) -> list[Option]:
    found = [deputy for deputy in _list(directory.DEPUTIES, congress=congress) if deputy["active"]]
    return [(d["id"], f"{d['name']}（{d['delegation']}）" if d["delegation"] else d["name"]) for d in found]


def delegations_of(congress: str) -> list[Option]:
    return [
        (delegation["id"], delegation["name"])
        for delegation in _list(directory.DELEGATIONS, congress=congress)
    ]


def categories_of(*congresses: str) -> list[Option]:
    """The fields by which congresses sort their suggestions."""
    return [(name, name) for name in review_lists(*congresses)["categories"]]


def reasons_of(congress: str) -> list[Option]:
    return [(reason["code"], reason["label"]) for reason in review_lists(congress)["reasons"]]


def review_lists(*congresses: str) -> Data:
    """What the congresses choose from today; the usual while intake is away."""
    asked = (intake.REVIEW_LISTS, {"congresses": [path for path in dict.fromkeys(congresses) if path][:20]})
    answer = calls.gather({"lists": asked})["lists"]
    if not isinstance(answer, Problem):
        return dict(answer)
    usual = [{"code": code, "label": label} for code, label in NOT_ACCEPTED_REASONS.items()]
    return {"categories": list(CATEGORIES), "reasons": usual}


def _offices(role: str, dossier: Dossier) -> list[Option]:
    return offices_of(dossier.congress, role)


def _categories(dossier: Dossier) -> list[Option]:
    """Those of the congress, and the one that the suggestion has although it is not in the list any more."""
    found, held = categories_of(dossier.congress), dossier.text.get("category", "")
    return found if not held or (held, held) in found else [*found, (held, f"{held}（已停用）")]


def own_delegations(congress: str) -> list[Option]:
    """The delegations of which the person is a member: in their name alone one may write."""
    deputies = [
        d for d in _list(directory.DEPUTIES, congress=congress) if d["id"] in access.current_actor.seats
    ]
    own = {deputy["delegation_id"] for deputy in deputies}
    return [option for option in delegations_of(congress) if option[0] in own]


def accounts_of_leaders(congress: str) -> list[Option]:
    """Accounts of who may hold a post at a congress."""
    leading = {role for roles in ROLES_OF.values() for role in roles}
    return [
        (account["id"], f"{account['name']}（{account['login']}）")
        for account in _list(directory.ACCOUNTS, congress=congress, limit=200)
        if any(role["role"] in leading and role["congress"] == congress for role in account["roles"])
    ]


def offices_of(congress: str, role: str) -> list[Option]:
    """The posts of a congress that lead, sponsor or oversee, each with who holds it."""
    today = access.today()
    return [
        (office["id"], called(office, today))
        for office in _list(directory.OFFICES, congress=congress)
        if office["active"] and office["kind"] == KIND_OF[role]
    ]


def choices_at(schema: Schema, congress: str) -> dict[str, list[Option]]:
    """By field, also of repeated entries, what those that name something of a congress choose from."""
    found = {}
    for name, declared in schema.fields.items():
        for part_name, part in [(name, declared), *parts_of(declared).items()]:
            if source := AT_A_CONGRESS.get(str(part.metadata.get("of", ""))):
                found[part_name] = source(congress)
    return found


def similar_to(text: Mapping[str, str], exclude: str, most: int = 5) -> list[Data]:
    """Earlier suggestions like a text; none where there is too little to compare, or search is away."""
    title = text.get("title", "").strip()[:MOST_TITLE]
    body = "\n".join(text.get(part, "") for part in ("situation", "analysis", "proposals")).strip()[
        :MOST_BODY
    ]
    if len(title) + len(body) < LEAST:
        return []
    return _list(search.SIMILAR, title=title, body=body, exclude=exclude, limit=most)


def _list(query: Query, **params: Any) -> list[Data]:
    """The list, or an empty one when its service is away: the form then says that there is nothing to choose."""
    answer = calls.gather({"list": (query, params)})["list"]
    return [] if isinstance(answer, Problem) else answer


def _not_invited(dossier: Dossier) -> list[Option]:
    asked = {i["deputy"]["id"] for i in dossier.text.get("invitations", ()) if i["answer"] != "declined"}
    taken = asked | {dossier.text.get("lead", {}).get("id", "")}
    return [option for option in deputies_of(dossier.congress) if option[0] not in taken]


def may_take_in(hit: Mapping[str, Any], congress: str) -> bool:
    """May another suggestion of the congress be merged into what search has found?"""
    return bool(hit["congress"] == congress and hit["number"] and hit["state"] not in OVER)


def _accepted(dossier: Dossier) -> list[Option]:
    """Accepted suggestions of the same congress, to merge into: similar ones first, then the newest with the words that
    were looked for."""
    desk = {"congress": dossier.congress, "state": "accepted", "limit": 200}
    if words := request.args.get("text", "").strip()[:MOST_WORDS]:
        desk["text"] = words
    similar, newest = similar_to(dossier.text, dossier.id, most=20), _list(intake.REVIEW_DESK, **desk)
    options = {
        hit["id"]: f"{hit['number']} {hit['title']}（内容相近）"
        for hit in similar
        if may_take_in(hit, dossier.congress)
    }
    options |= {
        line["id"]: f"{line['number']} {line['title']}" for line in newest if line["id"] not in options
    }
    options.pop(dossier.id, None)
    return list(options.items())


def _followed_units(dossier: Dossier) -> list[Option]:
    """The units that have it, as the ledger knows them: who supervises asks of them."""
    return [(unit["id"], unit["name"]) for unit in dossier.supervision.get("units", ())]


def _followed_deputies(dossier: Dossier) -> list[Option]:
    return [(deputy["id"], deputy["name"]) for deputy in dossier.supervision.get("deputies", ())]


def _planned_visits(dossier: Dossier) -> list[Option]:
    planned = [visit for visit in dossier.supervision.get("visits", ()) if visit["state"] == "planned"]
    return [(visit["id"], f"{visit['on']} {visit['method_label']}（{visit['place']}）") for visit in planned]


def _other_tasks(dossier: Dossier) -> list[Option]:
    """Suggestions that the person's units handle, beside this one."""
    tasks = _list(assignment.UNIT_TASKS, state="", limit=200)
    lines = [
        task
        for task in tasks
        if task["suggestion"] != dossier.id and task["state"] not in ("unsigned", *TASK_OVER)
    ]
    return list({task["suggestion"]: f"{task['number']} {task['title']}" for task in lines}.items())


def _handling_units(dossier: Dossier) -> list[Option]:
    tasks = [task for task in dossier.tasks if task["state"] not in TASK_OVER]
    return [(task["unit"]["id"], task["unit"]["name"]) for task in tasks]


# By command and field, else by the kind of thing that a field names.
OFFERED: dict[tuple[str, str], Callable[[Dossier], list[Option]]] = {
    ("invite_cosigners", "deputies"): _not_invited,
    ("take_out_cosigners", "deputies"): lambda dossier: [
        (i["deputy"]["id"], i["deputy"]["name"])
        for i in dossier.text.get("invitations", ())
        if i["answer"] != "declined"
    ],
    ("replace_lead", "deputy"): lambda dossier: [
        (cosigner["id"], cosigner["name"]) for cosigner in dossier.text.get("cosigners", ())
    ],
    ("merge_suggestion", "into"): _accepted,
    ("record_commitment", "unit"): _handling_units,
    **dict.fromkeys(
        (
            ("plan_supervision", "units"),
            ("log_supervision", "unit"),
            ("record_instruction", "units"),
            ("ask_progress", "units"),
            ("propose_measure", "unit"),
        ),
        _followed_units,
    ),
    **dict.fromkeys((("plan_supervision", "deputies"), ("log_supervision", "deputies")), _followed_deputies),
    ("log_supervision", "visit"): _planned_visits,
    ("log_contact", "deputies"): lambda dossier: [
        (deputy["id"], deputy["name"]) for deputy in dossier.deputies
    ],
    ("log_contact", "also"): _other_tasks,
    ("", "reply_class"): lambda dossier: list(dossier.classes.items()),
    ("", "unit"): lambda dossier: units_of(dossier.congress),
    ("", "deputy"): lambda dossier: deputies_of(dossier.congress),
    **{
        (command, f"{role}_id"): partial(_offices, role)
        for command in ("make_key", "change_key_mark")
        for role in KIND_OF
    },
    ("", "category"): _categories,
    ("", "reason"): lambda dossier: reasons_of(dossier.congress),
    ("", "delegation"): lambda dossier: delegations_of(dossier.congress),
}
AT_A_CONGRESS: dict[str, Callable[[str], list[Option]]] = {
    "unit": units_of, "deputy": deputies_of, "delegation": delegations_of, "category": categories_of,
    "account": accounts_of_leaders,
    "congress": lambda congress: list(places.named([congress]).items()),
}  # fmt: skip
