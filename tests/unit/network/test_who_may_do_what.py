"""Who may give which command: each row is tried by everybody, in the state in which it is possible.

Whoever may not is refused, and nothing changes. To people of the neighbour, of the province above, of the county below, and
to the operator the refusal says the same as of something that does not exist. Who asks what: test_who_learns_what.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from cities import COUNTY, EVERYBODY, GOVERNMENT, NEIGHBOUR, OFFICES, OWN, STRANGERS, WATER, Data, World

from services.gateway.api import SERVICES as CONTRACTS
from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Problem

OVERSEERS = (*OFFICES, GOVERNMENT)
UNIT_ITSELF = ("clerk", "head")
UNIT, REPLYING = ("clerk", "head", "joint clerk"), ("clerk", "head")
TWO_DESKS = ("liaison", "distributing")
DEPUTIES = ("lead", "cosigner", "invited", "deputy")
REPLY = {
    "text": "三年更换计划已经立项，今年先更换漏损最重的十二公里。", "reply_class": "B", "publicity": "public", "contact": "经办人甲",
    "phone": "0731-0", "without_opinions": "已电话征求意见。", "commitments": [{"text": "更换管网", "due_on": "2024-06-30"}],
}  # fmt: skip
FEEDBACK = {"process": "satisfied", "result": "unsatisfied"}
MARK = {"theme": "供水安全", "leading_supervisor": "副主任甲", "sponsor": "副市长甲", "committee": "城环委"}
HOLIDAYS = {
    "year": 2023,
    "source": "国办发明电〔2023〕1号",
    "holidays": [{"on": "2023-08-01", "name": "某节"}],
}


@dataclass
class Row:
    """One command: the service, who may, about what (a name in the world's ids), with which data, and on which day.

    `keep` names what the command makes. `state`: prepares something of its own to try this on.
    """

    service: str
    command: str
    may: tuple[str, ...]
    about: str = ""
    data: Data = field(default=lambda w: {})
    keep: str = ""
    on: date | None = None
    state: str = ""  # another suggestion, made for this row: submitted, accepted


def task(of: str, **more: Any) -> Data:
    return lambda w: {"task": w.task(w.ids["suggestion"], of), **more}


def part(of: str, **more: Any) -> Data:
    """The first of a task's steps or contacts."""

    def data(w: World) -> dict[str, Any]:
        handling = w.network.ask(w.people["liaison"], "assignment", "handling", id=w.ids["suggestion"])
        task = next(task for task in handling["tasks"] if task["unit"]["id"] == w.ids["unit"])
        return {"task": task["id"], of.removesuffix("s"): task[of][0]["id"], **more}

    return data


def remark_of(w: World) -> str:
    handling = w.network.ask(w.people["liaison"], "assignment", "handling", id=w.ids["suggestion"])
    return str(handling["remarks"][0]["id"])


def attachment_of(w: World) -> str:
    handling = w.network.ask(w.people["clerk"], "assignment", "handling", id=w.ids["suggestion"])
    task = next(task for task in handling["tasks"] if task["unit"]["id"] == w.ids["unit"])
    return str(task["attachments"][0]["id"])


def appraisal(w: World) -> dict[str, Any]:
    invited = [w.ids[who] for who in ("lead", "cosigner", "invited")]
    on = w.network.clock.now().date().isoformat()
    return {
        "congress": OWN,
        "name": "评议",
        "on": on,
        "units": [w.ids["unit"]],
        "deputies": invited,
        "questions": ["质量"],
    }


def fixed(**data: Any) -> Data:
    return lambda w: data


def recommended(w: World) -> dict[str, Any]:
    return {"congress": OWN, "sponsor_id": w.ids["government post"], "suggestions": [w.ids["suggestion"]]}


def text(**changed: Any) -> dict[str, Any]:
    return {**WATER, **changed}


pytestmark = pytest.mark.timeout(600)  # the whole matrix is tried in the first test's fixture

# In the order of a life. Who is not named may not.
MATRIX = [
    # --- directory: the registers of a congress
    Row("directory", "register_divisions", ("operator",), data=fixed(divisions=[])),
    Row("directory", "open_session", ("liaison", "operator"), data=fixed(congress=OWN, term=14, ordinal=2, opens_on="2024-01-13", closes_on="2024-01-19"), keep="session"),
    Row("directory", "register_delegation", ("liaison", "operator"), data=fixed(congress=OWN, name="城东代表团"), keep="delegation"),
    Row("directory", "register_deputy", ("liaison", "operator"), data=fixed(congress=OWN, name="代表新"), keep="new deputy"),
    Row("directory", "register_unit", ("liaison", "operator"), data=fixed(congress=OWN, name="某局新"), keep="new unit"),
    Row("directory", "change_session", ("liaison", "operator"), "session", fixed(opens_on="2023-01-13", closes_on="2023-01-20")),
    Row("directory", "change_delegation", ("liaison", "operator"), "delegation", fixed(name="城东第一代表团")),
    Row("directory", "name_delegation_head", ("liaison", "operator"), "delegation"),
    Row("directory", "change_deputy", ("liaison", "operator"), "new deputy", fixed(name="代表新甲")),
    Row("directory", "vacate_seat", ("liaison", "operator"), "new deputy", fixed(on="2023-01-05", reason="辞职")),
    Row("directory", "change_unit", ("liaison", "operator"), "new unit", fixed(name="某局新甲")),
    Row("directory", "close_unit", ("liaison", "operator"), "new unit", fixed(reason="机构改革撤销")),
    Row("directory", "reopen_unit", ("liaison", "operator"), "new unit", fixed(reason="恢复")),
    Row("directory", "set_practice", ("liaison", "operator"), data=fixed(congress=OWN, name="deadlines"), keep="practice"),
    Row("directory", "end_practice", ("liaison", "operator"), "practice", fixed()),
    Row("directory", "register_office", ("liaison", "operator"), data=fixed(congress=OWN, name="副主任", kind="standing_committee"), keep="post"),
    Row("directory", "change_office", ("liaison", "operator"), "post", fixed(name="第一副主任")),
    Row("directory", "appoint", ("liaison", "operator"), "post", lambda w: {"account": w.ids["leader account"], "since": "2023-01-13"}),
    Row("directory", "relieve", ("liaison", "operator"), "post", lambda w: {"account": w.ids["leader account"], "on": "2023-01-14"}),
    Row("directory", "close_office", ("liaison", "operator"), "post", fixed(reason="机构改革。")),
    Row("directory", "publish_material", ("liaison", "operator"), data=fixed(congress=OWN, kind="courseware", title="怎样写建议", text="一事一案。"), keep="material"),
    Row("directory", "withdraw_material", ("liaison", "operator"), "material", fixed(reason="已有新版。")),
    Row("directory", "publish_material", UNIT[:2], data=lambda w: {"congress": OWN, "unit": w.ids["unit"], "kind": "rule", "title": "办理规定", "text": "限时办结。"}, keep="unit's material"),
    Row("directory", "withdraw_material", UNIT[:2], "unit's material", fixed(reason="已有新版。")),
    Row("directory", "move_unit", ("liaison", "operator"), "unit", fixed(parent="")),
    Row("directory", "add_account", ("liaison", "operator"), data=fixed(login="new", name="新人", password="a-long-password", roles=[{"role": "supervisor", "congress": OWN}])),
    Row("directory", "change_roles", ("liaison", "operator"), "account", fixed(roles=[{"role": "supervisor", "congress": OWN}])),
    Row("directory", "change_password", ("self",), "account", fixed(old="a-long-password", new="another-long-password")),
    Row("directory", "claim_seat", ("newcomer",), "newcomer", lambda w: {"code": w.ids["newcomer code"], "password": "my-own-password"}),
    # --- intake: from the draft to its number
    Row("intake", "draft_suggestion", DEPUTIES, data=fixed(congress=OWN, **WATER), keep="suggestion"),
    Row("intake", "revise_suggestion", ("lead",), "suggestion", fixed(**text(analysis="管材老化。"))),
    Row("intake", "invite_cosigners", ("lead",), "suggestion", lambda w: {"deputies": [w.ids["cosigner"], w.ids["invited"]]}),
    Row("intake", "decline_cosigning", ("invited", "cosigner"), "suggestion", fixed(reason="不熟悉情况")),
    Row("intake", "invite_cosigners", ("lead",), "suggestion", lambda w: {"deputies": [w.ids["cosigner"], w.ids["invited"]]}),
    Row("intake", "take_out_cosigners", ("lead",), "suggestion", lambda w: {"deputies": [w.ids["cosigner"]]}),
    Row("intake", "invite_cosigners", ("lead",), "suggestion", lambda w: {"deputies": [w.ids["cosigner"], w.ids["invited"]]}),
    Row("intake", "accept_cosigning", ("cosigner", "invited"), "suggestion"),
    Row("intake", "ask_delegation", ("lead",), "of delegation", state="of delegation"),
    Row("intake", "confirm_for_delegation", ("deputy",), "of delegation", fixed(agrees=True)),
    Row("intake", "submit_suggestion", ("lead",), "suggestion"),
    Row("intake", "accept_suggestion", ("liaison",), "suggestion"),
    Row("intake", "correct_suggestion", ("liaison",), "suggestion", fixed(kind="opinion", reason="内容属于意见。")),
    Row("intake", "replace_lead", ("liaison",), "vacated", lambda w: {"deputy": w.ids["cosigner"], "reason": "调离本市。"}, state="vacated"),
    Row("intake", "propose_key", ("liaison", "supervisor", "standing_leader"), "suggestion", fixed(reason="群众反映强烈。")),
    Row("intake", "make_key", ("liaison",), "suggestion", fixed(**MARK)),
    Row("intake", "change_key_mark", ("liaison",), "suggestion", fixed(**MARK, reason="分工调整。")),
    Row("intake", "release_key", ("liaison",), "suggestion", fixed(reason="与另一件合并督办。")),
    Row("directory", "register_office", ("liaison", "operator"), data=fixed(congress=OWN, name="副市长", kind="government"), keep="government post"),
    Row("directory", "set_practice", ("liaison", "operator"), data=fixed(congress=OWN, name="leader_sponsorship", effective_on="2023-01-14"), keep="sponsorship"),
    Row("intake", "recommend_to_sponsor", ("distributing", "liaison"), data=recommended, keep="pick list"),
    Row("intake", "pick_recommended", ("distributing", "liaison"), "pick list", lambda w: {"suggestions": [w.ids["suggestion"]]}),
    Row("intake", "recommend_to_sponsor", ("distributing", "liaison"), data=recommended, keep="pick list"),
    Row("intake", "withdraw_pick_list", ("distributing", "liaison"), "pick list", fixed(reason="分工调整。")),
    Row("directory", "end_practice", ("liaison", "operator"), "sponsorship", fixed()),
    Row("intake", "draw_up_key_list", ("liaison",), data=fixed(congress=OWN, name="另一份", meeting_on="2023-01-14"), keep="key list"),
    Row("intake", "move_key_list", ("liaison",), "key list", fixed(meeting_on="2023-01-21", reason="会议改期。")),
    Row("intake", "discard_key_list", ("liaison",), "key list", fixed(reason="与另一份合并。")),
    Row("intake", "draw_up_key_list", ("liaison",), data=fixed(congress=OWN, name="重点建议", meeting_on="2023-01-14"), keep="key list"),
    Row("intake", "put_in_key_list", ("liaison",), "key list", lambda w: {"suggestion": w.ids["suggestion"], "theme": "供水安全"}),
    Row("intake", "take_out_of_key_list", ("liaison",), "key list", lambda w: {"suggestion": w.ids["suggestion"]}),
    Row("intake", "put_in_key_list", ("liaison",), "key list", lambda w: {"suggestion": w.ids["suggestion"], **MARK}),
    Row("intake", "decide_key_list", ("liaison",), "key list"),
    Row("intake", "discard_suggestion", ("lead",), "drafted", state="drafted"),
    Row("intake", "return_suggestion", ("liaison",), "returned", fixed(reason_codes=["unclear"], reason="请补充数据。"), state="submitted"),
    Row("intake", "treat_as_letter", ("liaison",), "lettered", fixed(reason_codes=["personal"], reason="转有关部门。"), state="submitted"),
    Row("intake", "answer_letter", ("liaison",), "lettered", fixed(answer="已与本人联系，按程序办理。")),
    Row("intake", "hand_up", ("liaison",), "handed up", fixed(explanation="属于省级职权。"), state="submitted"),
    Row("intake", "take_over", ("province liaison",), "handed up"),
    Row("intake", "answer_hand_up", ("province liaison",), "handed up", fixed(answer="已列入计划。")),
    Row("intake", "hand_up", ("liaison",), "declined up", fixed(explanation="属于省级职权。"), state="submitted"),
    Row("intake", "decline_hand_up", ("province liaison",), "declined up", fixed(reason="属于市级职权。")),
    Row("intake", "split_suggestion", ("liaison",), "split", fixed(reason="两件事", parts=[{"title": f"关于第{n}件供水事项的建议", "situation": "一", "analysis": "二", "proposals": "三"} for n in "一二"]), state="submitted"),
    Row("intake", "merge_suggestion", ("liaison",), "merged", lambda w: {"into": w.ids["suggestion"]}, state="submitted"),
    Row("intake", "import_suggestions", ("liaison",), data=lambda w: {"congress": OWN, "rows": [{"number": "旧1号", "title": "关于旧事的建议", "lead": w.ids["lead"]}]}),
    # --- intake: stations of deputies, receptions, visits
    Row("intake", "register_station", ("liaison",), data=lambda w: {"congress": OWN, "name": "城东联络站", "address": "城东路1号", "keepers": [w.people["keeper"].account]}, keep="station"),
    Row("intake", "assign_to_station", ("liaison",), "station", lambda w: {"deputies": [w.ids["lead"]]}),
    Row("intake", "check_station", ("liaison", "keeper"), "station", fixed(met=["有固定场所"])),
    Row("intake", "change_station", ("liaison",), "station", lambda w: {"name": "城东联络站", "address": "城东路2号", "keepers": [w.people["keeper"].account]}),
    Row("intake", "plan_reception", ("lead", "liaison", "keeper"), "station", lambda w: {"deputies": [w.ids["lead"]], "on": "2023-01-20"}),
    Row("intake", "log_reception", ("lead", "liaison", "keeper"), "station", lambda w: {"deputies": [w.ids["lead"]], "on": "2023-01-14", "people": 9}),
    Row("intake", "log_visit", ("lead", "liaison", "keeper"), "station", lambda w: {"deputy": w.ids["lead"], "on": "2023-01-14", "people": 9, "place": "城东"}, keep="encounter"),
    Row("intake", "cancel_encounter", ("lead", "liaison", "keeper"), "encounter", fixed(reason="误登。")),
    Row("intake", "record_voice", ("keeper", "liaison", "lead"), "station", fixed(words="巷口积水。", on="2023-01-14", voter_phone="0731-0"), keep="voice"),
    Row("intake", "give_voice", ("liaison", "keeper"), "voice", lambda w: {"station": w.ids["station"], "deputy": w.ids["lead"]}),
    Row("intake", "pass_on_voice", ("liaison", "keeper"), "voice", fixed(to="某局")),
    Row("intake", "use_voice", ("lead",), "voice", lambda w: {"suggestion": w.do("lead", "intake", "draft_suggestion", congress=OWN, **WATER)["id"]}),
    Row("intake", "tell_voter", ("liaison", "keeper"), "voice", fixed(on="2023-01-14", words="已写入建议。")),
    Row("intake", "record_voice", ("lead", "liaison", "keeper"), "station", fixed(words="路灯不亮。", on="2023-01-14"), keep="voice"),
    Row("intake", "answer_voice", ("lead", "liaison", "keeper"), "voice", fixed(answer="已报修。")),
    Row("intake", "hand_in_voice", ("platform",), data=fixed(congress=OWN, reference="2023-1", system="12345热线", words="井盖破损。")),
    Row("intake", "log_activity", ("liaison", "keeper"), data=fixed(congress=OWN, kind="research", title="供水调研", on="2023-01-14", problems=1), keep="activity"),
    Row("intake", "cancel_activity", ("liaison", "keeper"), "activity", fixed(reason="登记重复。")),
    Row("intake", "take_from_station", ("liaison",), "station", lambda w: {"deputies": [w.ids["lead"]]}),
    Row("intake", "remind_of_duties", ("operator",)),
    # --- assignment: the meeting, the units' work, the reply
    Row("assignment", "draw_up_batch", ("liaison", "distributing"), data=fixed(congress=OWN, name="预备会", meeting_on="2023-02-20"), keep="batch"),
    Row("assignment", "move_batch", ("liaison", "distributing"), "batch", fixed(meeting_on="2023-02-27", reason="会议改期。")),
    Row("assignment", "discard_batch", ("liaison", "distributing"), "batch", fixed(reason="并入下一次。")),
    Row("assignment", "draw_up_batch", ("liaison", "distributing"), data=fixed(congress=OWN, name="交办会", meeting_on="2023-02-20"), keep="batch"),
    Row("assignment", "put_in_batch", ("liaison", "distributing"), "batch", lambda w: {"suggestion": w.ids["suggestion"], "lead": w.ids["unit"], "joint": [w.ids["joint"]]}),
    Row("assignment", "take_out_of_batch", ("liaison", "distributing"), "batch", lambda w: {"suggestion": w.ids["suggestion"]}),
    Row("assignment", "put_in_batch", ("liaison", "distributing"), "batch", lambda w: {"suggestion": w.ids["suggestion"], "lead": w.ids["unit"], "joint": [w.ids["joint"]]}),
    Row("assignment", "consult_units", ("liaison", "distributing"), "batch", fixed(answer_by="2023-02-15")),
    Row("assignment", "answer_consultation", UNIT, "suggestion", fixed(agrees="yes")),
    Row("assignment", "set_agenda", ("liaison", "distributing"), "batch", fixed(agenda=[{"item": "通报情况"}], requirements="件件面商。")),
    Row("assignment", "arrange_in_meeting", ("liaison", "distributing"), "batch", lambda w: {"suggestion": w.ids["suggestion"], "arrangement": "两个月内面商。"}),
    Row("assignment", "record_attendance", ("liaison", "distributing"), "batch", fixed(attendance=[{"body": "水利局", "came": True}])),
    Row("assignment", "issue_batch", ("liaison", "distributing"), "batch"),
    Row("assignment", "record_minutes", ("liaison", "distributing"), "batch", fixed(minutes="会议部署了办理工作。"), on=date(2023, 2, 20)),
    Row("assignment", "assign_suggestion", ("liaison", "distributing"), "assigned", lambda w: {"lead": w.ids["unit"]}, state="accepted"),
    Row("assignment", "sign_for", REPLYING, "suggestion", task("unit"), on=date(2023, 2, 21)),
    Row("intake", "renew_practices", ("liaison",), "suggestion", fixed(reason="主任会议决定按新的办法办理。")),
    Row("assignment", "sign_for", ("joint clerk",), "suggestion", task("joint")),
    Row("assignment", "ask_to_return", ("joint clerk",), "suggestion", task("joint", reason="不是本单位职责。")),
    Row("assignment", "adjudicate_return", ("liaison", "distributing"), "suggestion", task("joint", approve=False, reason="请继续办理。")),
    Row("assignment", "make_plan", REPLYING, "suggestion", task("unit", handler="经办人甲", plan="先调研。", steps=[{"what": "现场调研", "due_on": "2023-03-10"}])),
    Row("assignment", "agree_plan", ("lead",), "suggestion", task("unit", agrees=True)),
    Row("assignment", "complete_step", (*REPLYING, "lead", *TWO_DESKS), "suggestion", part("steps")),
    Row("assignment", "log_contact", REPLYING, "suggestion", lambda w: {**task("unit")(w), "phase": "before", "method": "visit", "on": "2023-02-21", "notes": "面商。", "deputies": [w.ids["lead"]]}),
    Row("assignment", "confirm_contact", ("lead", "cosigner", "invited"), "suggestion", part("contacts", agrees=True)),
    Row("assignment", "give_opinion", ("joint clerk",), "suggestion", task("joint", text="同意。")),
    Row("assignment", "ask_extension", REPLYING, "suggestion", task("unit", reason="涉及面广。"), on=date(2023, 3, 21)),
    Row("assignment", "refuse_extension", ("liaison", "distributing"), "suggestion", task("unit", reason="请按期答复。")),
    Row("assignment", "grant_extension", ("liaison", "distributing"), "extended", lambda w: {"task": w.ids["extended task"]}, state="extension_asked"),
    Row("assignment", "distribute_task", ("officer",), "split", lambda w: {"task": w.task(w.ids["split"], "office"), "units": [w.ids["section"]], "due_on": "2023-05-04", "note": "请提出意见。"}, state="to_split"),
    Row("assignment", "hand_in_part", ("section clerk",), "split", lambda w: {"task": w.task(w.ids["split"], "section"), "text": "已办。"}, state="handed_on"),
    Row("assignment", "send_back_part", ("officer",), "split", lambda w: {"task": w.task(w.ids["split"], "section"), "reason": "请补充。"}),
    Row("assignment", "log_meeting", (*REPLYING, *TWO_DESKS), "suggestion", task("unit", kind="coordination", on="2023-03-20", led_by="秘书长甲", participants="两局", agreed="统一口径。")),
    Row("assignment", "remark", ("lead", "cosigner", "invited"), "suggestion", fixed(text="又有两处漏水。")),
    Row("assignment", "answer_remark", REPLYING, "suggestion", lambda w: {**task("unit")(w), "text": "已抢修。", "remark": remark_of(w)}),
    Row("supervision", "remind_unit", OVERSEERS, "suggestion", fixed(text="请抓紧。")),
    Row("directory", "set_practice", ("liaison", "operator"), data=fixed(name="approval", congress=OWN, settings={"countersign": True}, effective_on="2023-03-21")),
    Row("assignment", "draft_reply", REPLYING, "suggestion", task("unit", **REPLY)),
    Row("assignment", "reject_reply", ("head",), "suggestion", task("unit", reason="请写明时限。")),
    Row("assignment", "draft_reply", REPLYING, "suggestion", task("unit", **REPLY)),
    Row("assignment", "attach_file", REPLYING, "suggestion", task("unit", file={"name": "计划.pdf", "content": "JVBERi0xLjQK"})),
    Row("assignment", "remove_file", REPLYING, "suggestion", lambda w: {**task("unit")(w), "attachment": attachment_of(w)}),
    Row("assignment", "countersign_reply", ("joint clerk",), "suggestion", task("joint", agrees=True)),
    Row("assignment", "show_draft", REPLYING, "suggestion", task("unit")),
    Row("assignment", "comment_draft", ("lead", "cosigner", "invited"), "suggestion", task("unit", text="请写明期限。")),
    Row("assignment", "approve_reply", ("head",), "suggestion", task("unit")),
    Row("assignment", "issue_reply", REPLYING, "suggestion", task("unit", document_number="某水函〔2023〕1号"), keep="reply"),
    Row("evaluation", "send_reply_back", ("liaison", "distributing"), "suggestion", lambda w: {"reply": w.ids["reply"], "reason": "答非所问。", "due_on": "2023-04-20"}),
    Row("assignment", "draft_reply", REPLYING, "suggestion", task("unit", **REPLY)),
    Row("assignment", "countersign_reply", ("joint clerk",), "suggestion", task("joint", agrees=True)),
    Row("assignment", "approve_reply", ("head",), "suggestion", task("unit")),
    Row("assignment", "issue_reply", REPLYING, "suggestion", task("unit", document_number="某水函〔2023〕3号"), keep="reply"),
    Row("assignment", "change_reply_class", ("liaison",), "suggestion", task("unit", reply_class="C", reason="没有立项。")),
    Row("assignment", "object_to_class", REPLYING, "suggestion", task("unit", reason="已经立项。")),
    Row("assignment", "decide_objection", ("liaison",), "suggestion", task("unit", uphold=True, reason="已经核实。")),
    Row("assignment", "supplement_reply", REPLYING, "suggestion", task("unit", text="第一段管网已经换好，继续施工。")),
    Row("assignment", "make_bundle", REPLYING, data=lambda w: {"unit": w.ids["unit"], "name": "供水管网", "suggestions": [w.ids["suggestion"], w.ids["assigned"]], "problem": "漏损", "plan": "三年更换", "due_on": "2025-12-31"}, keep="bundle"),
    Row("assignment", "link_work", REPLYING, "bundle", fixed(kind="livelihood", name="管网改造")),
    Row("assignment", "put_in_bundle", REPLYING, "bundle", lambda w: {"suggestion": w.ids["extended"]}),
    Row("assignment", "take_out_of_bundle", REPLYING, "bundle", lambda w: {"suggestion": w.ids["extended"]}),
    Row("assignment", "end_bundle", REPLYING, "bundle", fixed(summary="已列入计划。")),
    Row("assignment", "log_check", ("head",), data=lambda w: {"unit": w.ids["unit"], "on": "2023-01-14", "scope": "专项督查", "tasks": [w.task(w.ids["suggestion"], "unit")], "found": "没有面谈。", "put_right_by": "2023-12-01"}, keep="check"),
    Row("assignment", "tell_progress", ("operator",)),
    Row("assignment", "follow_posts", ("operator",)),
    Row("assignment", "settle_check", ("head",), "check", fixed(outcome="extended", text="防汛。", put_right_by="2023-12-31")),
    # --- supervision
    Row("supervision", "log_supervision", OVERSEERS, "suggestion", fixed(on="2023-03-20", method="on_site", place="水厂", led_by="副主任甲", findings="进展正常。")),
    Row("supervision", "plan_supervision", OVERSEERS, "suggestion", lambda w: {"on": "2023-03-25", "method": "on_site", "place": "水厂", "led_by": "副主任甲", "deputies": [w.ids["lead"]]}, keep="visit"),
    Row("supervision", "answer_supervision", ("lead",), "visit", fixed(comes="yes")),
    Row("supervision", "cancel_supervision", OVERSEERS, "visit", fixed(reason="防汛。")),
    Row("supervision", "record_instruction", OVERSEERS, "suggestion", lambda w: {"on": "2023-03-20", "leader": "副市长甲", "words": "请落实。", "units": [w.ids["unit"]]}, keep="demand"),
    Row("supervision", "answer_demand", ("clerk", "head"), "demand", fixed(text="已落实。")),
    Row("supervision", "return_demand", OVERSEERS, "demand", fixed(reason="请补充。", due_on="2023-12-01")),
    Row("supervision", "settle_demand", OVERSEERS, "demand", fixed(note="已核实。")),
    Row("supervision", "ask_progress", OVERSEERS, "suggestion", lambda w: {"units": [w.ids["unit"]], "text": "请报告。", "due_on": "2023-12-01"}),
    Row("supervision", "report_progress", UNIT, "suggestion", fixed(text="已更换一半。")),
    Row("supervision", "propose_measure", OVERSEERS, "suggestion", lambda w: {"unit": w.ids["unit"], "rung": "talk", "because": "进展慢。"}, keep="measure"),
    Row("supervision", "decide_measure", ("liaison", "supervisor", "standing_leader"), "measure", fixed(decision="take", text="请加快。", due_on="2023-12-01")),
    Row("supervision", "answer_measure", ("clerk", "head"), "measure", fixed(text="已加快。")),
    Row("supervision", "end_measure", ("liaison", "supervisor", "standing_leader"), "measure", fixed(outcome="已整改。")),
    Row("supervision", "record_commitment", ("liaison", "clerk", "head"), "suggestion", lambda w: {"unit": w.ids["unit"], "text": "通报进度", "due_on": "2023-12-31"}, keep="commitment"),
    Row("supervision", "report_commitment", ("clerk", "head"), "commitment", fixed(text="正在通报。")),
    Row("supervision", "slip_commitment", ("clerk", "head", "liaison"), "commitment", fixed(explanation="雨季停工。", due_on="2024-03-31")),
    Row("supervision", "decide_slip", ("liaison",), "commitment", fixed(accept=True)),
    Row("supervision", "keep_commitment", ("clerk", "head", "liaison"), "commitment", fixed(evidence="已通报。", kept_on="2023-03-21")),
    Row("supervision", "refuse_commitment", ("liaison",), "commitment", fixed(reason="还没有通报。")),
    Row("supervision", "keep_commitment", ("clerk", "head", "liaison"), "commitment", fixed(evidence="已通报。", kept_on="2023-03-21")),
    Row("supervision", "confirm_commitment", ("liaison",), "commitment"),
    Row("supervision", "record_commitment", ("liaison", "clerk", "head"), "suggestion", lambda w: {"unit": w.ids["unit"], "text": "写错的承诺", "due_on": "2023-12-31"}, keep="commitment"),
    Row("supervision", "withdraw_commitment", ("liaison",), "commitment", fixed(reason="登记有误。")),
    Row("supervision", "log_coordination", (*OFFICES, GOVERNMENT, "officer"), data=lambda w: {"congress": OWN, "title": "供水调度", "on": "2023-03-20", "parties": ["sponsors"], "units": [w.ids["unit"]], "agreed": "集中办公。", "shares": [{"who": "某局unit", "what": "牵头", "due_on": "2023-05-12"}]}, keep="coordination"),
    Row("supervision", "finish_share", ("liaison", "supervisor", GOVERNMENT, *REPLYING), "coordination", fixed(share=1, came_of_it="已经办公。")),
    Row("supervision", "release_column", ("liaison",), data=lambda w: {"congress": OWN, "title": "办理进行时", "suggestions": [w.ids["suggestion"]]}, keep="column"),
    Row("supervision", "withdraw_column", ("liaison",), "column", fixed(reason="有误。")),
    Row("supervision", "draw_up_circular", ("liaison", "distributing"), data=fixed(congress=OWN, title="通报", since="2023-03-01", until="2023-03-20", addressed_to="各单位", text="请抓紧。"), keep="circular"),
    Row("supervision", "issue_circular", ("liaison", "distributing"), "circular"),
    Row("supervision", "draw_up_circular", ("liaison", "distributing"), data=fixed(congress=OWN, title="又一份", since="2023-03-01", until="2023-03-20", addressed_to="各单位", text="请抓紧。"), keep="circular"),
    Row("supervision", "discard_circular", ("liaison", "distributing"), "circular"),
    Row("supervision", "announce_arrangement", ("operator",), data=fixed(**HOLIDAYS)),
    Row("supervision", "tick", ("operator",)),
    # --- evaluation: the deputy's word, and the end
    Row("evaluation", "give_feedback", ("lead", "cosigner", "invited"), "suggestion", lambda w: {"reply": w.ids["reply"], **FEEDBACK}),
    Row("evaluation", "order_rehandling", ("liaison",), "suggestion", lambda w: {"reply": w.ids["reply"], "reason": "请再办理。"}),
    Row("evaluation", "score_unit", ("liaison",), data=lambda w: {"congress": OWN, "unit": w.ids["unit"], "year": 2023}, keep="score"),
    Row("evaluation", "score_all", ("liaison",), data=fixed(congress=OWN, year=2023)),
    Row("evaluation", "announce_scores", ("liaison",), data=fixed(congress=OWN, year=2023)),
    Row("evaluation", "grade_unit", ("distributing",), data=lambda w: {"congress": OWN, "unit": w.ids["unit"], "year": 2023, "grade": "good"}, keep="grade"),
    Row("evaluation", "announce_grades", ("distributing",), data=fixed(congress=OWN, year=2023)),
    Row("evaluation", "contest_grade", ("head",), "grade", fixed(reason="本年没有逾期的。")),
    Row("evaluation", "decide_grade", ("distributing",), "grade", fixed(upheld=False, reason="经核对台账。")),
    Row("evaluation", "contest_point", ("head",), "score", fixed(part="按期办复", reason="应答复期限以内。")),
    Row("evaluation", "decide_contest", ("liaison",), "score", fixed(part="按期办复", upheld=False, reason="期限已过。")),
    Row("evaluation", "commend_unit", ("liaison",), "score", fixed(reason="办理扎实。")),
    Row("intake", "close_station", ("liaison",), "station", fixed(reason="合并。")),
    Row("evaluation", "count_due_promises", ("operator",)),
    Row("evaluation", "draw_up_appraisal", ("liaison",), data=lambda w: appraisal(w), keep="appraisal"),
    Row("evaluation", "cast_ballot", ("lead", "cosigner", "invited"), "appraisal", lambda w: {"marks": [{"unit": w.ids["unit"], "marks": ["satisfied"]}]}),
    Row("evaluation", "close_appraisal", ("liaison",), "appraisal"),
    Row("evaluation", "announce_appraisal", ("liaison",), "appraisal"),
    Row("evaluation", "demand_rectification", ("liaison",), "appraisal", lambda w: {"unit": w.ids["unit"], "text": "请整改。", "due_on": "2023-12-01"}),
    Row("evaluation", "draw_up_appraisal", ("liaison",), data=lambda w: appraisal(w), keep="another appraisal"),
    Row("evaluation", "cancel_appraisal", ("liaison",), "another appraisal", fixed(reason="改期。")),
    Row("evaluation", "open_award", ("liaison",), data=fixed(congress=OWN, year=2023, decided_by="vote", only_closed=False), keep="award"),
    Row("evaluation", "nominate_suggestion", ("lead", "liaison", "cosigner", "invited"), "award", lambda w: {"suggestion": w.ids["suggestion"], "reason": "切口小。"}),
    Row("evaluation", "vote_award", ("deputy", "lead", "cosigner", "invited"), "award", lambda w: {"suggestions": [w.ids["suggestion"]]}),
    Row("evaluation", "decide_award", ("liaison",), "award", lambda w: {"suggestions": [w.ids["suggestion"]], "on": "2023-03-01"}),
    Row("evaluation", "announce_award", ("liaison",), "award"),
    Row("evaluation", "share_experience", ("lead",), "award", lambda w: {"suggestion": w.ids["suggestion"], "text": "先去现场。"}),
    Row("directory", "set_practice", ("liaison", "operator"), data=fixed(congress=OWN, name="patterns", settings={"within_minute": 1}, effective_on="2023-03-21")),
    Row("evaluation", "close_suggestion", ("liaison",), "satisfied", state="satisfied"),
    Row("evaluation", "judge_kept", ("lead",), "kept", lambda w: {"reply": w.ids["kept reply"], "kept": "partly", "words": "还有一段没有换。"}, state="kept"),
    Row("evaluation", "answer_kept", ("liaison",), "kept", lambda w: {"reply": w.ids["kept reply"], "text": "已核实，四月换完。"}),
    Row("evaluation", "look_for_patterns", ("operator",)),
    Row("evaluation", "tell_figures", ("operator",)),
    Row("evaluation", "settle_flag", ("liaison",), "flag", fixed(outcome="normal", reason="已经问过代表。"), state="flagged"),
    Row("evaluation", "publish_suggestion", ("liaison",), "satisfied"),
    Row("supervision", "draw_look_back", ("liaison",), data=fixed(congress=OWN, name="回头看", from_year=2023, to_year=2023, classes="AB"), keep="look back"),
    Row("supervision", "record_finding", ("liaison", "supervisor", "standing_leader"), "look back", lambda w: {"suggestion": w.ids["satisfied"], "finding": "partly", "words": "只换了一半。", "on": "2023-03-21", "due_on": "2023-12-01"}),
    Row("supervision", "end_look_back", ("liaison",), "look back", fixed(summary="属实。")),
    Row("evaluation", "reopen_suggestion", ("liaison",), "satisfied", lambda w: {"reply": w.ids["satisfied reply"], "reason": "请换完。", "due_on": "2023-12-01"}),
    Row("supervision", "plan_hearing", ("liaison",), data=lambda w: {"congress": OWN, "body": "standing_committee", "title": "办理情况报告", "on": "2023-03-21", "units": [w.ids["unit"]]}, keep="hearing"),
    Row("supervision", "submit_hearing_report", UNIT_ITSELF, "hearing", fixed(text="全部答复。")),
    Row("supervision", "change_hearing", ("liaison",), "hearing", fixed(on="2023-03-21", reason="会期调整。")),
    Row("supervision", "record_hearing", ("liaison",), "hearing", lambda w: {"on": "2023-03-21", "minutes": "会议审议了报告。", "opinions": []}),
    Row("supervision", "report_hearing", ("liaison",), "hearing", fixed(on="2023-03-21", outcome="已落实。")),
    Row("supervision", "plan_hearing", ("liaison",), data=fixed(congress=OWN, body="chairpersons", title="听取汇报", on="2023-04-21", units=[]), keep="called off"),
    Row("supervision", "cancel_hearing", ("liaison",), "called off", fixed(reason="改期。")),
    Row("supervision", "schedule_sweep", ("liaison",), data=fixed(congress=OWN, name="督办座谈会", form="symposium", scope="overdue", since="2023-03-01", until="2023-04-30", led_by="联工委"), keep="sweep"),
    Row("supervision", "note_sweep", ("liaison", "supervisor", "standing_leader"), "sweep", lambda w: {"suggestion": w.ids["satisfied"], "on": "2023-03-21", "words": "正在办理。"}),
    Row("supervision", "end_sweep", ("liaison",), "sweep", fixed(summary="都看过。")),
    Row("supervision", "schedule_sweep", ("liaison",), data=fixed(congress=OWN, name="定期督办", since="2023-03-01", until="2023-04-30", led_by="联工委"), keep="dropped sweep"),
    Row("supervision", "cancel_sweep", ("liaison",), "dropped sweep", fixed(reason="合并开展。")),
    Row("supervision", "draw_up_year", ("liaison",), data=fixed(congress=OWN, year=2023), keep="year"),
    Row("supervision", "add_year_entry", ("liaison",), "year", fixed(what="代表走访月", since="2023-04-01", reason="联系群众。")),
    Row("supervision", "change_year_entry", ("liaison",), "year", fixed(entry="review", since="2023-02-01", reason="春节后审查。")),
    Row("supervision", "finish_year_entry", ("liaison",), "year", fixed(entry="review")),
    Row("supervision", "remove_year_entry", ("liaison",), "year", fixed(entry="look_back", reason="今年不开展。")),
    Row("supervision", "release_year_entry", ("liaison",), "year", fixed(entry="look_back")),
]  # fmt: skip


@pytest.fixture(scope="module")
def tried(tmp_path_factory: Any) -> Iterator[dict[str, list[str]]]:
    """Everybody tries each row before the first of those who may does it: {command: what was not as the table says}."""
    world = World(tmp_path_factory.mktemp("matrix"))
    faults: dict[str, list[str]] = {}
    for row in MATRIX:
        faults[row.command] = faults.get(row.command, []) + list(_try(world, row))
    yield faults
    world.close()


def _try(world: World, row: Row) -> Iterator[str]:
    if row.on:
        world.network.on(row.on)
    if row.state:
        prepare(world, row)
    id = world.ids[row.about] if row.about else ""
    data, before = row.data(world), world.logged()
    of_nothing = (
        world.refusal("neighbour liaison", row.service, row.command, new_id(), data) if row.about else {}
    )
    for who in (*EVERYBODY, "self", "neighbour self"):
        if who in row.may:
            continue
        refused = world.refusal(who, row.service, row.command, id, data)
        if refused.get("status") not in (403, 404):
            yield f"{who}: {refused or 'was let in'}"
        knows_accounts = who == "operator" and row.service == "directory"
        if (
            row.about
            and who in (*STRANGERS, "neighbour self")
            and not knows_accounts
            and refused != of_nothing
        ):
            yield f"{who} learns that it exists: {refused} instead of {of_nothing}"
    if world.refusal("public", row.service, row.command, id, data).get("status") != 401:
        yield "the public is not asked to sign in"
    if world.logged() != before:
        yield "a refused command changed something"
    first, *others = row.may
    try:
        done = world.do(first, row.service, row.command, id, **data)
    except Problem as problem:
        yield f"{first} may, and was refused: {problem} {problem.to_problem().get('errors')}"
        return
    if row.keep:
        several = done.get(f"{row.keep}s") or [done["id"]]
        world.ids[row.keep] = done.get(row.keep) or several[0]
    for who in others:  # it is done already; but that, and nothing else, is what they are told
        refused = world.refusal(who, row.service, row.command, id, data)
        if refused.get("status") in (401, 403, 404):
            yield f"{who} may, and was refused: {refused}"


def prepare(world: World, row: Row) -> None:
    """Something in the state in which the row's command is possible."""
    match row.state:
        case "drafted":
            made = world.do("lead", "intake", "draft_suggestion", congress=OWN, **WATER)["id"]
        case "of delegation":
            of = world.make("register_delegation", congress=OWN, name="城西代表团")
            for member in ("lead", "deputy"):
                moved = {"name": f"代表{member}", "delegation": of}
                world.do("liaison", "directory", "change_deputy", world.ids[member], **moved)
            world.do("liaison", "directory", "name_delegation_head", of, deputy=world.ids["deputy"])
            made = world.do("lead", "intake", "draft_suggestion", congress=OWN, **WATER, delegation=of)["id"]
        case "submitted" | "accepted":
            made = getattr(world, row.state)()
        case "vacated":
            who = world.do("liaison", "directory", "register_deputy", congress=OWN, name="代表某")["id"]
            actor = Actor(new_id(), "代表某", (Role("deputy", OWN, seat=who),))
            made = world.network.do(actor, "intake", "draft_suggestion", congress=OWN, **WATER)["id"]
            world.network.do(actor, "intake", "invite_cosigners", made, deputies=[world.ids["cosigner"]])
            world.do("cosigner", "intake", "accept_cosigning", made)
            world.network.do(actor, "intake", "submit_suggestion", made)
            world.do("liaison", "intake", "accept_suggestion", made)
            world.do("liaison", "directory", "vacate_seat", who, on="2023-01-14", reason="调离本市。")
        case "extension_asked":
            made = world.assigned()
            world.ids["extended task"] = task_id = world.task(made, "unit")
            world.do("clerk", "assignment", "sign_for", made, task=task_id)
            world.do("clerk", "assignment", "ask_extension", made, task=task_id, reason="涉及面广。")
        case "to_split" | "handed_on":
            made = world.accepted()
            world.do("liaison", "assignment", "assign_suggestion", made, lead=world.ids["office"])
            world.do("officer", "assignment", "sign_for", made, task=world.task(made, "office"))
            if row.state == "handed_on":
                asked = {"units": [world.ids["section"]], "due_on": "2023-05-04", "note": "请提出意见。"}
                world.do(
                    "officer", "assignment", "distribute_task", made, task=world.task(made, "office"), **asked
                )
                world.do("section clerk", "assignment", "sign_for", made, task=world.task(made, "section"))
        case "satisfied":
            made = world.assigned()
            mine = {"task": world.task(made, "unit")}
            world.do("clerk", "assignment", "sign_for", made, **mine)
            world.do("clerk", "assignment", "draft_reply", made, **mine, **REPLY)
            world.do("head", "assignment", "approve_reply", made, **mine)
            reply = world.do(
                "clerk", "assignment", "issue_reply", made, **mine, document_number="某水函〔2023〕2号"
            )["reply"]
            world.ids["satisfied reply"] = reply
            world.do(
                "lead",
                "evaluation",
                "give_feedback",
                made,
                reply=reply,
                process="satisfied",
                result="satisfied",
            )
        case "kept":
            made = world.assigned()
            mine = {"task": world.task(made, "unit")}
            world.do("clerk", "assignment", "sign_for", made, **mine)
            world.do("clerk", "assignment", "draft_reply", made, **mine, **REPLY)
            world.do("head", "assignment", "approve_reply", made, **mine)
            issued = {**mine, "document_number": "某水函〔2023〕3号"}
            world.ids["kept reply"] = world.do("clerk", "assignment", "issue_reply", made, **issued)["reply"]
            (recorded,) = world.answer("liaison", "supervision", "ledger_line", {"id": made})["commitments"]
            world.do("liaison", "supervision", "keep_commitment", recorded["id"], evidence="已通水。", kept_on="2023-03-20")  # fmt: skip
            world.do("clerk", "assignment", "supplement_reply", made, **mine, text="管网已经全部换完，全线通水。", solved=True)  # fmt: skip
        case "flagged":
            made = world.answer("liaison", "evaluation", "flags", {"congress": OWN})[0]["id"]
        case _:
            raise AssertionError(row.state)
    world.ids[row.about] = made


@pytest.mark.parametrize("command", dict.fromkeys(row.command for row in MATRIX))
def test_only_who_may_does_it_and_others_learn_nothing(tried: dict[str, list[str]], command: str) -> None:
    assert tried[command] == []


def test_every_command_of_every_service_is_in_the_matrix() -> None:
    # What the gateway itself has for systems outside, for one's own messages and for operators is tried in tests/unit/gateway.
    own = ("webhooks", "messages", "orders")
    others = {s: contracts for s, (contracts, _) in CONTRACTS.items() if s not in own}
    declared = {(s, name) for s, contracts in others.items() for name in contracts.commands}
    assert {(row.service, row.command) for row in MATRIX} == declared


# --- what a command refers to beside what it is about ---------------------------------------------------------------

Refers = tuple[str, str, str, str, str, Data]
# who, service, command, about, the field that names something foreign, the rest
REFERENCES: list[Refers] = [
    ("liaison", "intake", "merge_suggestion", "submitted", "into", fixed()),
    ("liaison", "assignment", "put_in_batch", "batch", "suggestion", lambda w: {"lead": w.ids["unit"]}),
    ("liaison", "assignment", "take_out_of_batch", "batch", "suggestion", fixed()),
    ("clerk", "assignment", "sign_for", "assigned", "task", fixed()),
    ("liaison", "assignment", "adjudicate_return", "assigned", "task", fixed(approve=True, reason="同意。")),
    ("liaison", "evaluation", "order_rehandling", "assigned", "reply", fixed(reason="请再办理。")),
    ("liaison", "evaluation", "send_reply_back", "assigned", "reply", fixed(reason="答非所问。", due_on="2030-01-01")),
    ("lead", "evaluation", "give_feedback", "assigned", "reply", fixed(**FEEDBACK)),
    ("lead", "evaluation", "judge_kept", "assigned", "reply", fixed(kept="kept")),
    ("liaison", "evaluation", "answer_kept", "assigned", "reply", fixed(text="已核实。")),
    ("lead", "intake", "draft_suggestion", "", "delegation", fixed(congress=OWN, **WATER)),
    ("lead", "intake", "invite_cosigners", "drafted", "deputies", fixed()),
    ("liaison", "directory", "register_deputy", "", "delegation", fixed(congress=OWN, name="代表新")),
]  # fmt: skip


@pytest.fixture(scope="module")
def two_cities(tmp_path_factory: Any) -> Iterator[World]:
    """Each of two neighbours with a suggestion in hand, a submitted one, a draft and a batch."""
    world = World(tmp_path_factory.mktemp("references"))
    for prefix, congress in (("", OWN), ("neighbour ", NEIGHBOUR)):
        world.ids[f"{prefix}assigned"] = world.assigned(prefix, congress)
        world.ids[f"{prefix}submitted"] = world.submitted(prefix, congress)
        world.ids[f"{prefix}drafted"] = world.do(
            f"{prefix}lead", "intake", "draft_suggestion", congress=congress, **WATER
        )["id"]
        drawn = {"congress": congress, "name": "交办会", "meeting_on": "2023-02-20"}
        world.ids[f"{prefix}batch"] = world.do(f"{prefix}liaison", "assignment", "draw_up_batch", **drawn)[
            "id"
        ]
        world.ids[f"{prefix}delegation"] = world.make("register_delegation", congress=congress, name="某团")
    their = world.network.ask(
        world.people["neighbour liaison"], "assignment", "handling", id=world.ids["neighbour assigned"]
    )
    world.ids["neighbour task"] = their["tasks"][0]["id"]
    yield world
    world.close()


@pytest.mark.parametrize(("who", "service", "command", "about", "field", "rest"), REFERENCES)
def test_what_is_foreign_is_refused_like_what_is_unknown(two_cities: World, who: str, service: str, command: str, about: str,
                                                         field: str, rest: Data) -> None:  # fmt: skip
    foreign = {
        "into": "assigned",
        "suggestion": "assigned",
        "task": "task",
        "reply": "task",
        "deputies": "lead",
    }.get(field, field)
    said = []
    for id in (two_cities.ids[f"neighbour {foreign}"], new_id()):
        data = {**rest(two_cities), field: [id] if field == "deputies" else id}
        refused = two_cities.refusal(who, service, command, two_cities.ids.get(about, ""), data)
        said.append(str(refused).replace(id, "…"))
        assert refused.get("status") in (403, 404, 409, 422)
    assert said[0] == said[1]


def grants(role: dict[str, Any]) -> dict[str, Any]:
    return {"login": new_id(), "name": "新人", "password": "a-long-password", "roles": [role]}


@pytest.mark.parametrize("congress", [OWN, NEIGHBOUR, COUNTY])
@pytest.mark.parametrize(("role", "field", "of"), [("deputy", "seat", "lead"), ("handler", "unit", "unit"), ("unit_head", "unit", "unit")])  # fmt: skip
def test_an_office_gives_nobody_the_seat_or_unit_of_another_place(two_cities: World, congress: str, role: str, field: str, of: str) -> None:  # fmt: skip
    """Or it could read and act at the neighbour's in the name of an account of its own."""
    foreign = {"role": role, "congress": congress, field: two_cities.ids[f"neighbour {of}"]}
    for who in ("liaison", "county liaison"):
        assert two_cities.refusal(who, "directory", "add_account", "", grants(foreign))["status"] in (
            403,
            422,
        )
        changed = {"roles": [foreign]}
        assert two_cities.refusal(who, "directory", "change_roles", two_cities.ids["account"], changed)[
            "status"
        ] in (404, 422)


@pytest.mark.parametrize("role", [
    {"role": "liaison"}, {"role": "deputy", "congress": OWN}, {"role": "handler", "congress": OWN}, {"role": "unit_head", "congress": OWN},
])  # fmt: skip
def test_a_role_without_its_place_is_no_role(two_cities: World, role: dict[str, Any]) -> None:
    """A liaison office of nowhere would be one everywhere."""
    assert two_cities.refusal("operator", "directory", "add_account", "", grants(role))["status"] == 422


def test_an_office_takes_no_role_that_it_could_not_give(two_cities: World) -> None:
    roles = [{"role": "liaison", "congress": OWN}, {"role": "operator"}]
    account = two_cities.make(
        "add_account", login="both", name="某人", password="a-long-password", roles=roles
    )
    changed = {"roles": [{"role": "supervisor", "congress": OWN}]}
    assert two_cities.refusal("liaison", "directory", "change_roles", account, changed)["status"] == 422
    assert two_cities.refusal("operator", "directory", "change_roles", account, changed) == {}
