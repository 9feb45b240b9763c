"""What is worth a message: which event, to whom, in which words. This is the one place where that is said.

Nobody is told what the pages would not show: what a deputy judged is told to nobody, and a unit that has to handle
something again is not told who was not content, nor why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shared.identity import WITHIN_UNIT
from shared.terms import YEAR_WHO_BY_ROLE

Event = dict[str, Any]
MEMBERS = {"deputy": "seat", "unit": "unit"}  # who is one of them by what he holds at the congress


@dataclass(frozen=True)
class Matter:
    """What the gateway knows of a suggestion. Empty: not yet told; of a draft there is no title."""

    title: str = ""
    lead: str = ""  # deputy id
    deputies: tuple[str, ...] = ()

    def called(self) -> str:
        return f"《{self.title}》" if self.title else "一件建议"


def deputy(id: str) -> str:
    """The place of whoever has this seat."""
    return f"seat:{id}"


def unit(id: str) -> str:
    """The place of all who work on suggestions at a unit."""
    return f"unit:{id}"


def office(congress: str) -> str:
    """The place of those who decide for a congress what units ask for."""
    return f"office:{congress}"


def account(id: str) -> str:
    """The place of one person, by the account: of who holds a post."""
    return f"{ACCOUNT}{id}"


def of_year(who: str, congress: str) -> str:
    """The place of all at a congress whom the calendar of the year means by this word."""
    return f"{who}:{congress}"


def places(roles: Iterable[dict[str, str]]) -> set[str]:
    """Where somebody with these roles is told things."""
    found = set()
    for role in roles:
        if role["role"] == "deputy" and role["seat"]:
            found.add(deputy(role["seat"]))
        elif role["role"] in ("handler", *WITHIN_UNIT, "unit_head", "distributing") and role["unit"]:
            found.add(unit(role["unit"]))
        elif role["role"] in ("liaison", "distributing") and role["congress"]:
            found.add(office(role["congress"]))
        who = YEAR_WHO_BY_ROLE.get(role["role"])
        if who and role["congress"] and (who not in MEMBERS or role[MEMBERS[who]]):
            found.add(of_year(who, role["congress"]))
    return found


ACCOUNT = "account:"  # a place that is not kept: the account is its own

Places = Callable[[Event, Matter], Iterable[str]]
Facts = Callable[[dict[str, Any]], dict[str, str]]


@dataclass(frozen=True)
class Occasion:
    """One kind of message. `words` may use {matter} and what `facts` takes from the event's data."""

    types: tuple[str, ...]
    who: Places
    words: str
    facts: Facts = lambda data: {}
    parts: Callable[[Event], Iterable[tuple[str, dict[str, Any]]]] = lambda event: [
        (event["id"], event["data"])
    ]
    """(what makes it one occasion, data) of everything in an event that is told by itself."""


@dataclass(frozen=True)
class Note:
    """A message to be: to all who are at these places, once for each `once`."""

    kind: str
    places: frozenset[str]
    facts: dict[str, str]
    once: str


def notes(event: Event, matter: Matter) -> Iterator[Note]:
    """What an event is worth telling."""
    for kind, occasion in BY_TYPE.get(event["type"], ()):
        for once, data in occasion.parts(event):
            to = frozenset(occasion.who({**event, "data": data}, matter))
            if to:
                yield Note(kind, to, occasion.facts(data), f"{kind} {once}")


def sentence(kind: str, facts: dict[str, str], matter: Matter, words: dict[str, str] | None = None) -> str:
    """The message in words, in those of the place where it has its own that fit."""
    known = {**facts, "matter": matter.called()}
    try:
        return (words or {})[kind].format_map(known)
    except (KeyError, ValueError):
        return OCCASIONS[kind].words.format_map(known)


# --- to whom --------------------------------------------------------------------------------------------------------


def _its_deputies(event: Event, matter: Matter) -> Iterable[str]:
    return map(deputy, matter.deputies)


def _its_deputies_and_unit(event: Event, matter: Matter) -> Iterable[str]:
    return [*_its_deputies(event, matter), *_the_unit(event, matter)]


def _deputies_told(event: Event, matter: Matter) -> Iterable[str]:
    return [deputy(person["id"]) for person in event["data"]["deputies"]]


def _who_gets_the_reply(event: Event, matter: Matter) -> Iterable[str]:
    members = event["data"].get("copied_to", ())
    return [*_deputies_told(event, matter), *(deputy(person["id"]) for person in members)]


def _deputies_of_the_text(event: Event, matter: Matter) -> Iterable[str]:
    return [deputy(person["id"]) for person in (event["data"]["lead"], *event["data"]["cosigners"])]


def _the_one_deputy(event: Event, matter: Matter) -> Iterable[str]:
    return [deputy(event["data"]["deputy"]["id"])]


def _the_lead(event: Event, matter: Matter) -> Iterable[str]:
    return [deputy(matter.lead)] if matter.lead else []


def _the_unit(event: Event, matter: Matter) -> Iterable[str]:
    return [unit(event["data"]["unit"]["id"])]


def _the_unit_and_its_office(event: Event, matter: Matter) -> Iterable[str]:
    return [unit(id) for id in (event["data"]["unit"]["id"], event["data"].get("desk", "")) if id]


def _the_head(event: Event, matter: Matter) -> Iterable[str]:
    return [deputy(event["data"]["head"]["id"])]


def _the_new_lead(event: Event, matter: Matter) -> Iterable[str]:
    return [deputy(event["data"]["lead"]["id"])]


def _who_holds_the_post(event: Event, matter: Matter) -> Iterable[str]:
    return map(account, event["data"].get("holders", ()))


def _the_office(event: Event, matter: Matter) -> Iterable[str]:
    """Not of a part that an office below has given out: it is the business of that office alone."""
    return [] if event["data"].get("parent") else [office(event["jurisdiction"])]


def _whoever_is_named(event: Event, matter: Matter) -> Iterable[str]:
    """The deputy where the event names one, else its unit."""
    data = event["data"]
    if data.get("deputy"):
        return [deputy(data["deputy"]["id"])]
    return [unit(data["unit"]["id"])] if data.get("unit") else []


def _whom_the_year_means(event: Event, matter: Matter) -> Iterable[str]:
    return [of_year(who, event["jurisdiction"]) for who in event["data"]["who"]]


def _the_grading_office(event: Event, matter: Matter) -> Iterable[str]:
    """Of one system, or of the whole congress where it has no unit."""
    id = event["data"]["office"]["id"]
    return [unit(id) if id else office(event["jurisdiction"])]


def _all_who_take_part(event: Event, matter: Matter) -> Iterable[str]:
    data = event["data"]
    return [*(deputy(d["id"]) for d in data["deputies"]), *(unit(u["id"]) for u in data["units"])]


# --- what is said ---------------------------------------------------------------------------------------------------

ROLES = {"lead": "主办", "joint": "会办", "separate": "分办"}


def _because(data: dict[str, Any]) -> dict[str, str]:
    reason = str(data.get("reason") or "").strip().rstrip("。")
    return {"because": f"理由：{reason}。" if reason else ""}


def _unit_and_reason(data: dict[str, Any]) -> dict[str, str]:
    return {"unit": data["unit"]["name"], **_because(data)}


def _unit_name(data: dict[str, Any]) -> dict[str, str]:
    return {"unit": data["unit"]["name"]}


def _part_of_score(data: dict[str, Any]) -> dict[str, str]:
    return {**_unit_name(data), "text": f"{data['year']}年评分的“{data['part']}”"}


def _year_of_grade(data: dict[str, Any]) -> dict[str, str]:
    return {**_unit_name(data), "text": f"{data['year']}年年度考核的等次"}


def _deputy_and_reason(data: dict[str, Any]) -> dict[str, str]:
    return {"deputy": data["deputy"]["name"], **_because(data)}


def _each_task(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    """An assignment lists all tasks that there are: each is told once, however often it is listed."""
    for task in event["data"]["tasks"]:
        yield task["task"], {"unit": task["unit"], "role": task["role"]}


def _each_part(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in event["data"]["parts"]:
        yield part["task"], {"unit": part["unit"]}


def _each_demand(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    for demand in event["data"]["demands"]:
        yield demand["demand"], demand


OCCASIONS: dict[str, Occasion] = {
    "invited": Occasion(
        ("cosigner.invited.v1",), _the_one_deputy, "{by}邀请您联名提出一件建议，请打开查看，同意或者谢绝。",
        lambda data: {"by": data["by"]["name"]},
    ),
    "joined": Occasion(
        ("cosigner.accepted.v1",), _the_lead, "{deputy}同意与您联名提出建议。", _deputy_and_reason,
    ),
    "declined": Occasion(("cosigner.declined.v1",), _the_lead, "{deputy}没有同意联名。{because}", _deputy_and_reason),
    "accepted": Occasion(
        ("suggestion.accepted.v1",), _deputies_of_the_text, "{matter}已经立案，编号为{number}。", lambda data: {"number": data["number"]},
    ),
    "returned": Occasion(("suggestion.returned.v1",), _its_deputies, "{matter}被退回，请修改后再提交。{because}", _because),
    "lettered": Occasion(("suggestion.lettered.v1",), _its_deputies, "{matter}转作来信办理。{because}", _because),
    "letter_answered": Occasion(("letter.answered.v1",), _its_deputies, "{matter}转作来信以后，已经有了答复，请打开查看。"),
    "split": Occasion(
        ("suggestion.split.v1",), _its_deputies, "{matter}写了几件事，已经分为{count}件分别办理。",
        lambda data: {"count": str(len(data["parts"]))},
    ),
    "discarded": Occasion(("suggestion.discarded.v1",), _deputies_told, "请您联名的一件建议，领衔代表已经删除了草稿。"),
    "new_lead": Occasion(("lead.replaced.v1",), _the_new_lead, "{matter}由您接替领衔。{because}", _because),
    "head_asked": Occasion(
        ("delegation.asked.v1",), _the_head, "{by}提请您确认一件全团建议，请打开查看。", lambda data: {"by": data["by"]["name"]},
    ),
    "head_agreed": Occasion(("delegation.confirmed.v1",), _the_lead, "团长已经确认全团建议，可以提交。"),
    "head_declined": Occasion(("delegation.declined.v1",), _the_lead, "团长没有同意作为全团建议提出。{because}", _because),
    "consulted": Occasion(
        ("unit.consulted.v1",), _the_unit_and_its_office, "{matter}拟交{unit}承办，请{on}答复是否承办。",
        lambda data: {"unit": data["unit"]["name"], "on": f"在{data['answer_by']}以前" if data["answer_by"] else "尽快"},
    ),
    "picks": Occasion(
        ("picklist.offered.v1",), _who_holds_the_post, "请从 {count} 件推荐件中选定领办件，{on}以前选定。",
        lambda data: {"count": str(len(data["suggestions"])), "on": str(data["pick_by"])},
    ),
    "handed_up": Occasion(("handup.made.v1",), _its_deputies, "{matter}超出本级职权，已转交上级人大。{because}", _because),
    "answered_above": Occasion(
        ("handup.answered.v1",), _its_deputies, "{matter}转交上级以后，上级人大已经答复，请打开查看。", lambda data: {},
    ),
    "merged": Occasion(
        ("suggestion.merged.v1",), _deputies_told, "{matter}与{into}内容相同，已经并案办理，答复仍会送给您。",
        lambda data: {"into": data["into_number"]},
    ),
    "assigned": Occasion(
        ("suggestion.assigned.v1",), _the_unit, "{matter}已经交办给{unit}（{role}），请签收。",
        lambda data: {"unit": data["unit"]["name"], "role": ROLES.get(data["role"], "承办")}, _each_task,
    ),
    "handed_on": Occasion(
        ("suggestion.assigned.v1",), _deputies_told, "{matter}已经交办，由{units}办理。",
        lambda data: {"units": "、".join(task["unit"]["name"] for task in data["tasks"])},
    ),
    "removed": Occasion(("cosigner.removed.v1",), _the_one_deputy, "{matter}不再请您联名。"),
    "part": Occasion(("task.distributed.v1",), _the_unit, "{matter}的一部分已经交办给{unit}，请签收。", _unit_name, _each_part),
    "not_passed": Occasion(("reply.rejected.v1",), _the_unit, "{matter}的答复稿没有通过审核，请修改。{because}", _because),
    "return_asked": Occasion(("return.requested.v1",), _the_office, "{unit}申请退办{matter}，请裁定。{because}", _unit_and_reason),
    "return_approved": Occasion(("return.approved.v1",), _the_unit, "{matter}同意退办，{unit}不再办理。{because}", _unit_and_reason),
    "return_refused": Occasion(("return.refused.v1",), _the_unit, "{matter}没有同意退办，请{unit}继续办理。{because}", _unit_and_reason),
    "extension_asked": Occasion(("extension.requested.v1",), _the_office, "{unit}申请延期答复{matter}，请决定。{because}", _unit_and_reason),
    "extension_granted": Occasion(("extension.granted.v1",), _the_unit, "{matter}同意延期答复。{because}", _because),
    "extension_refused": Occasion(("extension.refused.v1",), _the_unit, "{matter}没有同意延期，请按期答复。{because}", _because),
    "replied": Occasion(("reply.issued.v1", "reply.forwarded.v1"), _who_gets_the_reply, "{unit}答复了{matter}。", _unit_name),
    "to_judge": Occasion(
        ("feedback.opened.v1",), _deputies_told, "请填写{matter}的征询意见表，评价{unit}的答复。", _unit_name,
    ),
    "supplemented": Occasion(("reply.supplemented.v1",), _deputies_told, "{unit}就{matter}补充答复，请查看；写明承诺已经兑现的，请评价是否属实。", _unit_name),
    "doubt_answered": Occasion(("doubt.answered.v1",), _the_one_deputy, "联工委答复了您对{matter}承诺兑现的意见。"),
    "again": Occasion(("rehandling.ordered.v1",), _the_unit, "{matter}需要再次办理，请{unit}重新答复。", _unit_name),
    "again_after_look_back": Occasion(
        ("suggestion.reopened.v1",), _the_unit, "{matter}经核实没有落实到位，需要重新办理，请{unit}在{on}前重新答复。{because}",
        lambda data: {**_unit_and_reason(data), "on": str(data["due_on"])},
    ),
    "reopened": Occasion(
        ("suggestion.reopened.v1",), _its_deputies, "{matter}经核实没有落实到位，已经要求{unit}重新办理。", _unit_name,
    ),
    "reminder": Occasion(("reminder.sent.v1", "feedback.awaited.v1"), _whoever_is_named, "{matter}：{text}", lambda data: {"text": data["text"]}),
    "duty": Occasion(
        ("duty.due.v1",), _the_one_deputy, "{station}提醒您：{text}，请于{on}前接待、走访并登记。",
        lambda data: {"station": data["station"]["name"], "text": data["text"], "on": str(data["due_on"])},
    ),
    "year": Occasion(
        ("year.reminded.v1",), _whom_the_year_means, "年度日历：{text}，{on}开始，请做好准备。",
        lambda data: {"text": data["what"], "on": str(data["since"])},
    ),
    "progress": Occasion(
        ("progress.told.v1",), lambda event, matter: [unit(id) for id in event["data"]["units"]],
        "{unit}代表建议办理进度（至{on}）：{text}。清单在“本单位”和“本地做法”的进度通报里。",
        lambda data: {
            "unit": data["unit"]["name"], "on": str(data["until"]),
            "text": f"{data['since']}以来办结{data['done']}件，在办{data['open']}件，其中逾期{data['late']}件、快到期{data['near']}件",
        },
    ),
    "kept": Occasion(("commitment.kept.v1",), _its_deputies, "{unit}在{matter}答复中的一项承诺已经兑现。", _unit_name),
    "local": Occasion((), _whoever_is_named, "{matter}：{text}"),  # by plugins: `told_by`
    "keeping_reported": Occasion(("commitment.reported.v1",), _the_office, "{unit}报告{matter}答复中的一项承诺已经完成，请核实。", _unit_name),
    "promise_withdrawn": Occasion(
        ("commitment.withdrawn.v1",), _its_deputies_and_unit, "{unit}在{matter}答复中的一项承诺已经撤销。{because}", _unit_and_reason,
    ),
    "keeping_refused": Occasion(("keeping.refused.v1",), _the_unit, "{matter}答复中的一项承诺没有同意销号。{because}", _because),
    "slip_asked": Occasion(("slip.asked.v1",), _the_office, "{unit}申请推迟{matter}答复中的一项承诺，请决定。", _unit_name),
    "slip_refused": Occasion(("slip.refused.v1",), _the_unit, "{matter}答复中的一项承诺没有同意推迟。{because}", _because),
    "supervised": Occasion(
        ("supervision.planned.v1",), _all_who_take_part, "{matter}定于{on}督办，地点：{place}，请参加。",
        lambda data: {"on": str(data["on"]), "place": data["place"] or "另行通知"},
    ),
    "demanded": Occasion(
        ("instruction.recorded.v1", "progress.asked.v1"), _the_unit, "{matter}：{text}。请{unit}于{on}前报告。",
        lambda data: {"text": data["text"].rstrip("。"), "unit": data["unit"]["name"], "on": str(data["due_on"])}, _each_demand,
    ),
    "measure": Occasion(
        ("measure.taken.v1",), _the_unit, "{matter}：已对{unit}采取督办措施，请按要求回复。", _unit_name,
    ),
    "closed": Occasion(("suggestion.closed.v1",), _its_deputies, "{matter}已经办结。"),
    "published": Occasion(("suggestion.published.v1",), _its_deputies, "{matter}和它的答复已经公开。"),
    "scored": Occasion(
        ("score.announced.v1",), _the_unit, "{unit}{text}已经公布，请查看各项得分；有不同意见的，负责人可以在期限内逐项申诉。",
        lambda data: {**_unit_name(data), "text": f"{data['year']}年的评分（{data['points']:g}分）"},
    ),
    "score_contested": Occasion(("score.contested.v1",), _the_office, "{unit}对{text}提出申诉，请裁定。", _part_of_score),
    "score_decided": Occasion(("contest.decided.v1",), _the_unit, "{unit}对{text}的申诉已经裁定，请查看。", _part_of_score),
    "graded": Occasion(
        ("grade.announced.v1",), _the_unit, "{unit}{text}已经公布，请查看；有不同意见的，负责人可以在期限内申诉。", _year_of_grade,
    ),
    "grade_contested": Occasion(("grade.contested.v1",), _the_grading_office, "{unit}对{text}提出申诉，请裁定。", _year_of_grade),
    "grade_decided": Occasion(("grade.decided.v1",), _the_unit, "{unit}对{text}的申诉已经裁定，请查看。", _year_of_grade),
    "appraising": Occasion(
        ("appraisal.drawn.v1",), _deputies_told, "请您参加{text}，{on}起可以投票。",
        lambda data: {"text": f"“{data['name']}”", "on": str(data["on"])},
    ),
    "appraised": Occasion(
        ("appraisal.announced.v1",), lambda event, matter: [unit(one["unit"]["id"]) for one in event["data"]["results"]],
        "{text}的结果已经公布，请查看。", lambda data: {"text": f"“{data['name']}”"},
    ),
    "excellent": Occasion(
        ("award.announced.v1",), lambda event, matter: [deputy(one["lead"]["id"]) for one in event["data"]["suggestions"]],
        "您领衔的建议评为{text}，请写经验分享。", lambda data: {"text": data["name"]},
    ),
}  # fmt: skip

# What plugins may want to tell of, and nobody is told otherwise.
FOR_PLUGINS = ("task.signed.v1", "plan.made.v1", "contact.logged.v1", "opinion.given.v1")
MOST_TOLD = 200  # characters


def told_by(plugin: str, number: int, to: str, text: str, event: Event, matter: Matter) -> Note | None:
    """What a plugin wants to have told; None where nobody is meant by it."""
    who = {"deputies": _its_deputies, "lead": _the_lead, "office": _the_office, "unit": _whoever_is_named}[to]
    found = frozenset(who(event, matter))
    return (
        Note("local", found, {"text": text[:MOST_TOLD]}, f"{plugin} {number} {event['id']}")
        if found
        else None
    )


BY_TYPE: dict[str, list[tuple[str, Occasion]]] = {}
for _kind, _occasion in OCCASIONS.items():
    for _type in _occasion.types:
        BY_TYPE.setdefault(_type, []).append((_kind, _occasion))
