"""The timeline of a suggestion: one short sentence for each event, and who may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.supervision.model.calendar import chinese_date
from services.supervision.model.deadlines import OF_PARTS
from services.supervision.model.look_back import FINDINGS
from services.supervision.model.measures import RUNGS
from shared.terms import (
    CONTACT_METHODS,
    CONTACT_PHASES,
    KINDS,
    MEETING_KINDS,
    NOT_ACCEPTED_REASONS,
    PART,
    REPLY_CLASSES,
    SATISFACTION,
    UNIT_ROLES,
)

Data = dict[str, Any]

SUPERVISION_METHODS = {
    "on_site": "现场督办", "symposium": "座谈督办", "hearing": "听取汇报", "inspection": "执法检查或视察", "meeting": "会议督办",
    "written": "书面督办",
}  # fmt: skip

# Who may read an entry.
EVERYONE = "everyone"  # everyone who may see the suggestion
OWN_DEPUTIES = "own_deputies"  # the suggestion's own deputies: what happened to their draft
OFFICES = "offices"  # the congress's offices, among whom it is talked over
OWN_UNIT = "own_unit"  # the unit whose inner affair it is
UPWARDS = (
    "upwards"  # of what a unit handed on: that unit and those above it, the congress's offices, the deputies
)
CHAIN = "chain"  # of a part (归口管理): the units up and down its chain, the congress's offices, the suggestion's deputies
JUDGEMENT = (
    "judgement"  # 背靠背: the offices and the deputy who judged; the others once the suggestion is closed
)


@dataclass(frozen=True)
class Entry:
    """What a timeline shows of one event."""

    text: str
    reason: str = ""
    seen_by: str = EVERYONE
    unit: str = ""  # id, of a unit's inner affair
    deputy: str = ""  # id, of the deputy who judged


def entry_of(type: str, data: Data) -> Entry | None:
    """The entry of an event, or None when it does not belong on the timeline."""
    say = ENTRIES.get(type)
    entry = say(data) if say else None
    is_of_part = data.get("role") in PART or data.get("kind") in OF_PARTS
    if entry and is_of_part and entry.seen_by == EVERYONE:
        return replace(entry, seen_by=CHAIN, unit=data["unit"]["id"])
    return entry


def merged_here(title: str, number: str) -> Entry:
    """The entry on the timeline of the suggestion that another one was merged into."""
    return Entry(f"{f'《{title}》' if title else number or '另一件建议'}并入本件")


def _plain(text: str, **more: str) -> Callable[[Data], Entry]:
    """A sentence with the event's data filled in; `reason` is shown below it where the event has one."""
    return lambda data: Entry(text.format_map(_Words(data)), str(data.get("reason") or ""), **more)


class _Words(dict[str, Any]):
    """The event's data as words of a sentence: a unit or deputy by name, a code by its label."""

    LABELS: Mapping[str, Mapping[str, str]] = {
        "phase": CONTACT_PHASES, "method": CONTACT_METHODS | SUPERVISION_METHODS,
        "reply_class": REPLY_CLASSES, "process": SATISFACTION, "result": SATISFACTION,
    }  # fmt: skip

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        if isinstance(value, dict):
            return value["name"]
        return self.LABELS[key].get(value, value) if key in self.LABELS else value


def _submitted(data: Data) -> Entry:
    times = data["times"]
    if data.get("split_from"):
        return Entry("由一件建议分案而来")
    return Entry("提交建议" if times == 1 else f"修改后第{times}次提交")


def _not_accepted(what: str) -> Callable[[Data], Entry]:
    """With all reasons; events of earlier versions name one."""

    def say(data: Data) -> Entry:
        codes = data.get("reason_codes") or [data["reason_code"]]
        return Entry(f"{what}：{'、'.join(NOT_ACCEPTED_REASONS.get(c, c) for c in codes)}", data["reason"])

    return say


def _corrected(data: Data) -> Entry:
    shown = {"title": "标题", "kind": "类型", "category": "类别"}
    words = [
        f"{label}由“{KINDS.get(before, before)}”改为“{KINDS.get(data[name], data[name])}”"
        for name, label in shown.items()
        if (before := data["before"].get(name))
    ]
    return Entry(f"更正{'、'.join(words)}", data["reason"])


def _assigned(data: Data) -> Entry:
    by_role: dict[str, list[str]] = {}
    for task in data["tasks"]:
        by_role.setdefault(task["role"], []).append(task["unit"]["name"])
    return Entry(
        "交办："
        + "；".join(f"{UNIT_ROLES.get(role, role)}{'、'.join(names)}" for role, names in by_role.items())
    )


def _distributed(data: Data) -> Entry:
    """Seen by the unit that handed it on and those above it: each of those below sees its own part only."""
    names = [part["unit"]["name"] for part in data.get("parts", ()) if part["parent"] == data["task"]]
    return Entry(
        f"{data['unit']['name']}分解交办：{'、'.join(names)}", data["note"], UPWARDS, unit=data["unit"]["id"]
    )


def _return_approved(data: Data) -> Entry:
    new = data["new_unit"]
    return Entry(
        f"同意{data['unit']['name']}退办" + (f"，改由{new['name']}承办" if new else ""), data["reason"]
    )


def _plan(data: Data) -> Entry:
    by = f"，计划{data['reply_by']}前答复" if data["reply_by"] else ""
    return Entry(f"{data['unit']['name']}制定三定方案，经办人{data['handler']}{by}", data["plan"])


def _contact(data: Data) -> Entry:
    words = _Words(data)
    people = "、".join(deputy["name"] for deputy in data["deputies"]) or "代表"
    return Entry(f"{words['unit']}与{people}沟通（{words['phase']}，{words['method']}）")


def _reply(data: Data) -> Entry:
    words = _Words(data)
    again = "再次答复" if data["round"] > 1 else "答复"
    number = f",{data['document_number']}" if data["document_number"] else ""
    reply_class = data.get("class_words") or words["reply_class"]
    return Entry(f"{words['unit']}{again}代表（{reply_class}{number}）")


def _forwarded(data: Data) -> Entry:
    people = "、".join(deputy["name"] for deputy in data["deputies"])
    return Entry(f"{data['unit']['name']}的答复送并案代表{people}")


def _reclassified(data: Data) -> Entry:
    return Entry(
        f"{data['unit']['name']}的办理结果由{data['before']}类调整为{data['reply_class']}类", data["reason"]
    )


def _refused(data: Data) -> Entry:
    due = chinese_date(date.fromisoformat(data["due_on"]))
    return Entry(f"退回{data['unit']['name']}的答复，要求在{due}前重新答复", data["reason"])


def _judged(data: Data) -> Entry:
    words = _Words(data)
    text = f"{words['deputy']}反馈：对{words['unit']}的办理过程{words['process']}，结果{words['result']}"
    comments = "；".join(comment for comment in (data["process_comment"], data["result_comment"]) if comment)
    return Entry(text, comments, JUDGEMENT, deputy=data["deputy"]["id"])


def _inner(what: str) -> Callable[[Data], Entry]:
    """An inner affair of one unit."""
    return lambda data: Entry(
        f"{data['unit']['name']}{what}", data.get("reason", ""), OWN_UNIT, unit=data["unit"]["id"]
    )


def _supervised(data: Data) -> Entry:
    words = _Words(data)
    demands = [
        f"{one['unit']['name']}：{one['text']}（{one['due_on']}前）" for one in data.get("demands") or ()
    ]
    said = [f"代表意见：{data['said']}"] if data.get("said") else []
    told = _in_a_row([data["findings"], *said, *demands])
    return Entry(f"{words['led_by']}{words['method']}（{words['on']}，{words['place']}）", told)


def _in_a_row(sentences: list[str]) -> str:
    return "；".join(sentence.rstrip("。；") for sentence in sentences) + "。"


def _planned(data: Data) -> Entry:
    words = _Words(data)
    guests = "、".join(deputy["name"] for deputy in data["deputies"])
    with_them = f"，邀请{guests}参加" if guests else ""
    return Entry(
        f"安排{words['led_by']}于{words['on']}{words['method']}（{words['place']}）{with_them}", data["note"]
    )


def _answered_visit(data: Data) -> Entry:
    return Entry(f"{data['deputy']['name']}{'参加' if data['comes'] else '不参加'}督办", data["words"])


def _instructed(data: Data) -> Entry:
    return Entry(f"{data['leader']}批示（{data['on']}）", data["words"])


def _progress_asked(data: Data) -> Entry:
    units = "、".join(demand["unit"]["name"] for demand in data["demands"])
    return Entry(f"要求{units}报告进展", data["text"])


def _progress_reported(data: Data) -> Entry:
    more = [("困难", data["hindered_by"]), ("下一步", data["next_steps"])]
    told = [data["text"], *(f"{label}：{words}" for label, words in more if words)]
    return Entry(f"{data['unit']['name']}报告进展", _in_a_row(told))


def _looked_back(data: Data) -> Entry:
    until = f"，要求{data['due_on']}前整改" if data["demand"] else ""
    return Entry(f"回头看（{data['on']}）：{FINDINGS[data['finding']]}{until}", data["words"])


def _measure(text: str, reason: str = "") -> Callable[[Data], Entry]:
    return lambda data: Entry(
        text.format(unit=data["unit"]["name"], rung=RUNGS[data["rung"]]), data.get(reason, "")
    )


def _reminded(data: Data) -> Entry | None:
    """Only what somebody sent by hand: the daily ones would bury everything else."""
    if data["by"]["account"] == "system" or not data["unit"]:
        return None
    return Entry(f"催办{data['unit']['name']}", data["text"])


def _slipped(data: Data) -> Entry:
    text = f"{data['unit']['name']}的承诺延期：由{data['before']}改为{data['due_on']}"
    return Entry(text, data["explanation"])


def _moved(data: Data) -> Entry:
    who = data["unit"]["name"] if data["unit"] else "代表"
    return Entry(f"{who}：{data['reason']}")


def _published(data: Data) -> Entry:
    return Entry("公开建议和答复" + ("，连同代表评价" if data["with_feedback"] else ""))


def _closed(data: Data) -> Entry:
    return Entry("办结", data["note"])


def _commitment(data: Data) -> Entry:
    return Entry(f"{data['unit']['name']}承诺在{data['due_on']}前完成", data["text"])


def _kept(data: Data) -> Entry:
    return Entry(
        f"{data['unit']['name']}的承诺销号" + ("，晚于期限" if data["late"] else ""), data["evidence"]
    )


def _reported(data: Data) -> Entry:
    return Entry(f"{data['unit']['name']}报告承诺已完成，待人大确认", data["evidence"])


def _slip_asked(data: Data) -> Entry:
    return Entry(f"{data['unit']['name']}申请承诺延期到{data['due_on']}", data["explanation"])


def _progressed(data: Data) -> Entry:
    return Entry(f"{data['unit']['name']}报告承诺进度", data["text"])


def _ordered(data: Data) -> Entry:
    return Entry(
        f"要求{data['unit']['name']}再次办理（{chinese_date(date.fromisoformat(data['ordered_on']))}）",
        data["reason"],
    )


def _reopened_again(data: Data) -> Entry:
    due = chinese_date(date.fromisoformat(data["due_on"]))
    found = "回头看" if data["lookback"] else "办结以后"
    return Entry(f"{found}发现没有落实到位，要求{data['unit']['name']}重新办理，{due}前答复", data["reason"])


ENTRIES: Mapping[str, Callable[[Data], Entry | None]] = {
    "suggestion.drafted.v1": _plain("起草建议", seen_by=OWN_DEPUTIES),
    "cosigner.invited.v1": lambda data: Entry(
        f"{'正文已修改，再次征求' if data.get('again') else '邀请'}{data['deputy']['name']}附议",
        seen_by=OWN_DEPUTIES,
    ),
    "cosigner.removed.v1": _plain("移出附议：{deputy}", seen_by=OWN_DEPUTIES),
    "cosigner.accepted.v1": _plain("{deputy}同意附议", seen_by=OWN_DEPUTIES),
    "cosigner.declined.v1": _plain("{deputy}不附议", seen_by=OWN_DEPUTIES),
    "suggestion.submitted.v1": _submitted,
    "suggestion.accepted.v1": _plain("受理立案，编号{number}"),
    "suggestion.returned.v1": _not_accepted("退回修改"),
    "suggestion.lettered.v1": _not_accepted("转作来信"),
    "letter.answered.v1": lambda data: Entry("来信已答复", data["answer"]),
    "handup.made.v1": _plain("转交上级：{to_name}"),
    "handup.taken.v1": _plain("{to_name}已接收"),
    "handup.declined.v1": _plain("{to_name}没有接收"),
    "handup.answered.v1": lambda data: Entry(f"{data['to_name']}已答复", data["answer"]),
    "suggestion.merged.v1": _plain("并入{into_number}"),
    "suggestion.split.v1": lambda data: Entry(f"分为{len(data['parts'])}件分别办理", data["reason"]),
    "suggestion.corrected.v1": _corrected,
    "lead.replaced.v1": _plain("更换领衔代表：{before}改为{lead}"),
    "practices.renewed.v1": _plain("改按新做法办理"),
    "key.proposed.v1": _plain("推荐为重点建议", seen_by=OFFICES),
    "key.changed.v1": _plain(
        "调整重点督办：{theme}，牵头督办{leading_supervisor}，领办{sponsor}，对口督办{committee}"
    ),
    "key.released.v1": _plain("取消重点建议（{theme}）"),
    "suggestion.designated.v1": _plain(
        "确定为重点建议，主题“{theme}”，{leading_supervisor}牵头督办，{sponsor}领办"
    ),
    "suggestion.assigned.v1": _assigned,
    "task.distributed.v1": _distributed,
    "part.submitted.v1": _plain("{unit}报送办理情况"),
    "part.reopened.v1": _plain("退回{unit}重新报送"),
    "task.signed.v1": _plain("{unit}签收"),
    "return.requested.v1": _plain("{unit}申请退办"),
    "return.approved.v1": _return_approved,
    "return.refused.v1": _plain("不同意{unit}退办"),
    "plan.made.v1": _plan,
    "plan.agreed.v1": _plain("{by}同意{unit}的办理方案"),
    "plan.declined.v1": _plain("{by}不同意{unit}的办理方案"),
    "step.completed.v1": lambda data: Entry(f"{data['unit']['name']}：{data['name']}已完成", data["note"]),
    "contact.logged.v1": _contact,
    "contact.confirmed.v1": lambda data: Entry(
        f"{data['deputy']['name']}{'确认' if data['agrees'] else '不认可'}{data['unit']['name']}登记的沟通",
        data["reason"],
    ),
    "opinion.given.v1": _plain("{unit}提出会办意见"),
    "reply.drafted.v1": _inner("起草答复"),
    "reply.approved.v1": _inner("负责人审核同意答复"),
    "reply.rejected.v1": _inner("负责人退回重写答复"),
    "reply.issued.v1": _reply,
    "reply.forwarded.v1": _forwarded,
    "reply.supplemented.v1": lambda data: Entry(f"{data['unit']['name']}补充答复代表", data["text"]),
    "draft.shown.v1": _plain("{unit}将答复稿送代表征求意见"),
    "draft.commented.v1": lambda data: Entry(
        f"{data['deputy']['name']}对{data['unit']['name']}的答复稿提出意见", data["text"]
    ),
    "remark.made.v1": lambda data: Entry(f"{data['deputy']['name']}补充意见", data["text"]),
    "remark.answered.v1": lambda data: Entry(f"{data['unit']['name']}回应补充意见", data["text"]),
    "meeting.logged.v1": lambda data: Entry(
        f"{data['led_by']}主持{MEETING_KINDS.get(data['kind'], '会议')}（{data['on']}，{data['participants']}）",
        data["agreed"],
    ),
    "reply.reclassified.v1": _reclassified,
    "objection.made.v1": _plain("{unit}对办理结果的调整提出异议"),
    "objection.decided.v1": lambda data: Entry(
        f"{data['unit']['name']}的异议{'成立' if data['upheld'] else '不成立'}", data["reason"]
    ),
    "extension.requested.v1": _plain("{unit}申请延期答复"),
    "extension.granted.v1": _plain("同意{unit}延期答复"),
    "extension.refused.v1": _plain("不同意{unit}延期答复"),
    "feedback.given.v1": _judged,
    "rehandling.ordered.v1": _ordered,
    "reply.refused.v1": _refused,
    "suggestion.closed.v1": _closed,
    "suggestion.published.v1": _published,
    "suggestion.reopened.v1": _reopened_again,
    "deadline.moved.v1": _moved,
    "reminder.sent.v1": _reminded,
    "supervision.logged.v1": _supervised,
    "supervision.planned.v1": _planned,
    "supervision.answered.v1": _answered_visit,
    "supervision.cancelled.v1": _plain("{on}的督办取消"),
    "instruction.recorded.v1": _instructed,
    "progress.asked.v1": _progress_asked,
    "progress.reported.v1": _progress_reported,
    "demand.answered.v1": lambda data: Entry(f"{data['unit']['name']}答复督办要求", data["text"]),
    "demand.returned.v1": _plain("退回{unit}的答复，应在{due_on}前重新落实"),
    "demand.settled.v1": lambda data: Entry(f"核定{data['unit']['name']}已落实督办要求", data["note"]),
    "lookback.found.v1": _looked_back,
    "measure.taken.v1": _measure("对{unit}采取督办措施：{rung}", "text"),
    "measure.answered.v1": _measure("{unit}回复{rung}", "text"),
    "measure.ended.v1": _measure("解除对{unit}的{rung}", "outcome"),
    "commitment.recorded.v1": _commitment,
    "commitment.kept.v1": _kept,
    "commitment.slipped.v1": _slipped,
    "commitment.withdrawn.v1": _plain("撤销{unit}的一项承诺"),
    "commitment.progressed.v1": _progressed,
    "commitment.reported.v1": _reported,
    "keeping.refused.v1": _plain("不同意{unit}的承诺销号"),
    "slip.asked.v1": _slip_asked,
    "slip.refused.v1": _plain("不同意{unit}的承诺延期，仍应在{due_on}前完成"),
}
