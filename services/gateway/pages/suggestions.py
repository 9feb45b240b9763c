"""One suggestion's page, and a form for each thing that somebody may do about it."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access, word
from services.gateway.access import calls
from services.gateway.letter import letter
from services.gateway.pages import asking, forms, local, materials, practices
from services.gateway.pages.dossier import PARTS, THINGS, Action, Dossier, dossier_of
from services.gateway.pages.side_by_side import side_by_side
from shared.contracts import Command, assignment, evaluation, intake, supervision
from shared.pace import aside
from shared.problems import NotFound, Problem, Stale, WrongState
from shared.terms import (
    CONTACT_METHODS,
    CONTACT_PHASES,
    KINDS,
    MEETING_KINDS,
    PUBLICITY,
    RANKS,
    RESULT_KINDS,
    SATISFACTION,
    UNIT_ROLES,
)

blueprint = flask.Blueprint("suggestions", __name__)

ABOUT = ("task", "reply", *THINGS, *PARTS)  # parameters by which an address names one of several
CHOSEN = ("into",)  # parameters with which a list proposes what its form begins with
COMMANDS: dict[str, Command] = {
    name: command
    for contracts in (intake.contracts, assignment.contracts, supervision.contracts, evaluation.contracts)
    for name, command in contracts.commands.items()
    if command.path.startswith(("/suggestions/<id>/", *(f"/{things}/<id>/" for things in THINGS.values())))
}
# Where two people write at the same time without harm: nobody is asked to look at the page again.
INDEPENDENT = (
    "sign_for",
    "log_contact",
    "give_feedback",
    "judge_kept",
    "give_opinion",
    "ask_to_return",
    "make_plan",
    "agree_plan",
    "complete_step",
    "confirm_contact",
    "remark",
    "answer_remark",
    "comment_draft",
    "countersign_reply",
    "log_meeting",
    "supplement_reply",
    "ask_extension",
    "hand_in_part",
    "attach_file",
    "remove_file",
)
DONE = {
    "submit_suggestion": "已提交，等待审查。", "accept_suggestion": "已受理立案。", "discard_suggestion": "草稿已删除。",
    "invite_cosigners": "已发出附议邀请。", "accept_cosigning": "已同意附议。", "return_suggestion": "已退回代表修改。",
    "assign_suggestion": "已交办。", "sign_for": "已签收。", "draft_reply": "答复已起草，等待负责人审核。",
    "approve_reply": "已审核同意，可以印发。", "issue_reply": "已答复代表。", "give_feedback": "征询意见表已提交。", "judge_kept": "对承诺兑现的意见已提交。", "answer_kept": "已答复代表。",
    "close_suggestion": "已办结。", "publish_suggestion": "已公开。", "remind_unit": "催办已发出。", "distribute_task": "已分解交办。", "hand_in_part": "已报送。",
}  # fmt: skip
# What the button says where the action's name does not say what a click does.
BUTTONS = {
    "revise_suggestion": "保存修改", "invite_cosigners": "发出邀请", "make_plan": "保存方案", "agree_plan": "提交意见", "complete_step": "完成", "confirm_contact": "提交", "remark": "提交", "answer_remark": "提交回应", "comment_draft": "提交意见", "countersign_reply": "提交会签意见",
    "log_meeting": "保存记录", "supplement_reply": "答复代表", "log_contact": "保存记录",
    "give_opinion": "提交会办意见", "ask_to_return": "提交退办申请", "adjudicate_return": "作出裁定", "draft_reply": "保存答复稿，送负责人审核",
    "approve_reply": "同意印发", "issue_reply": "印发答复", "ask_extension": "提交延期申请", "remind_unit": "发出催办",
    "distribute_task": "分解交办", "hand_in_part": "报送",
    "log_supervision": "保存记录", "plan_supervision": "确定安排", "answer_supervision": "提交", "record_instruction": "保存批示",
    "ask_progress": "发出要求", "report_progress": "提交进展", "answer_demand": "提交答复", "settle_demand": "核定了结", "propose_measure": "提出",
    "decide_measure": "作出决定", "answer_measure": "提交回复", "report_commitment": "提交进度", "keep_commitment": "提交", "slip_commitment": "提交", "withdraw_commitment": "撤销", "decide_slip": "作出决定",
    "give_feedback": "提交征询意见表", "judge_kept": "提交意见", "answer_kept": "答复代表", "order_rehandling": "要求再次办理",
    "correct_suggestion": "保存更正", "propose_key": "推荐", "answer_letter": "答复代表", "take_out_cosigners": "移出所选代表", "change_key_mark": "保存调整",
    "send_reply_back": "退回，要求重新答复", "reopen_suggestion": "要求重新办理", "change_reply_class": "调整", "object_to_class": "提出异议", "decide_objection": "作出决定",
    "renew_practices": "改按今天的做法办理", "confirm_for_delegation": "提交意见",
}  # fmt: skip
# "My work" leads straight to a form: the other decisions that may be taken there instead.
INSTEAD = {
    "accept_cosigning": ("decline_cosigning",), "sign_for": ("ask_to_return",), "approve_reply": ("reject_reply",),
    "grant_extension": ("refuse_extension",),
    "accept_suggestion": ("return_suggestion", "merge_suggestion", "split_suggestion", "treat_as_letter"),
    "order_rehandling": ("close_suggestion",), "answer_kept": ("reopen_suggestion",), "confirm_commitment": ("refuse_commitment",), "settle_demand": ("return_demand",),
    "keep_commitment": ("report_commitment", "slip_commitment"),
}  # fmt: skip
WORDS = {
    "kinds": KINDS, "publicity": PUBLICITY, "satisfaction": SATISFACTION,
    "unit_roles": UNIT_ROLES, "methods": CONTACT_METHODS, "phases": CONTACT_PHASES, "words": KINDS, "side_by_side": side_by_side,
    "ranks": RANKS, "meeting_kinds": MEETING_KINDS, "result_kinds": RESULT_KINDS,
    "command_labels": {name: command.label for name, command in COMMANDS.items()},
}  # fmt: skip


@blueprint.get("/suggestions/<uuid:id>")
@access.signed_in
def suggestion(id: Any) -> str:
    dossier = dossier_of(str(id))
    documents = local.of_suggestion(str(id), dossier.congress)
    held = practices.held_for(dossier)
    return flask.render_template("suggestion.html", d=dossier, documents=documents, held=held, **WORDS)


@blueprint.get("/suggestions/<uuid:id>/replies/<uuid:reply>/document")
@access.signed_in
def reply_document(id: Any, reply: Any) -> str:
    """The reply as an official letter, made to be printed and sealed: number above, class on the upper right."""
    dossier = dossier_of(str(id))
    found = _reply(dossier, str(reply))
    if not found:
        raise NotFound("没有找到这份答复。")
    return flask.render_template("reply_document.html", d=dossier, reply=found, **WORDS)


@blueprint.get("/suggestions/<uuid:id>/replies/<uuid:reply>/document.docx")
@access.signed_in
def reply_in_word(id: Any, reply: Any) -> flask.Response:
    dossier = dossier_of(str(id))
    found = _reply(dossier, str(reply))
    if not found:
        raise NotFound("没有找到这份答复。")
    paper = letter(found, dossier.number, dossier.title)
    return word.as_download(aside(word.write, paper), f"{paper.title}.docx")


@blueprint.get("/suggestions/<uuid:id>/do/<command>")
@access.signed_in
def ask(id: Any, command: str) -> str:
    """The form of a command."""
    contract, dossier = _command(command), dossier_of(str(id))
    about = {name: request.args[name] for name in ABOUT if request.args.get(name)}
    about = _the_only_one(contract, dossier, about)
    if (kind := _thing_of(contract)) and not dossier.thing(kind, about.get(kind, "")):
        raise NotFound("没有找到这一项。")
    refusal = (
        None
        if _is_possible(contract, dossier, about)
        else WrongState("这件事现在不能办，或者不由您办。下面列出了您现在可以办的事。")
    )
    values = asking.beforehand(contract, dossier, about)
    values |= {
        name: request.args[name]
        for name in CHOSEN
        if request.args.get(name) and name in contract.schema.fields
    }
    return _form(contract, dossier, values, about, refusal)


@blueprint.post("/suggestions/<uuid:id>/do/<command>")
@access.signed_in
def act(id: Any, command: str) -> Any:
    """Carry it out; what is refused comes back with the form as it was filled in."""
    contract, subject = _command(command), str(id)
    data, posted = forms.read(contract, request.form, request.files), request.form
    about = {name: posted[name] for name in ABOUT if posted.get(name)}
    if kind := _thing_of(contract):
        subject = about.get(kind, "")
    try:
        answer = calls.execute(
            contract, subject, data, key=forms.key_of(posted), version=forms.version_of(posted)
        )
    except Problem as problem:
        return _refused(contract, str(id), data, about, problem)
    flask.flash(_said(contract, answer))
    if command == "discard_suggestion":
        return flask.redirect("/work", 303)
    if posted.get("back") in ("/review", "/assignment"):
        return flask.redirect(posted["back"], 303)
    return flask.redirect(flask.url_for("suggestions.suggestion", id=id), 303)


def _refused(
    contract: Command, id: str, data: dict[str, Any], about: dict[str, str], problem: Problem
) -> Any:
    if problem.status == 404:
        raise problem
    dossier = dossier_of(id)
    page = _form(contract, dossier, data, about, problem, key=forms.key_of(request.form))
    return page, problem.status


def _form(
    contract: Command, dossier: Dossier, values: dict[str, Any], about: dict[str, str], problem: Problem | None, key: str = ""
) -> str:  # fmt: skip
    errors = problem.errors if problem else {}
    fixed = {name: _named(dossier, name, id) for name, id in about.items() if name in contract.schema.fields}
    if contract.name == "complete_step" and not dossier.part("step", about.get("step", "")).get("blanks"):
        fixed["entries"] = ""
    fields = forms.fields_of(contract, values, errors, asking.options_of(contract, dossier, about), fixed)
    fields = [
        field for field in fields if field.options or not field.name.endswith("_id")
    ]  # no posts: by name
    writes_text = contract.name == intake.REVISE.name
    courseware = materials.while_writing(dossier.congress)[1] if writes_text else []
    return flask.render_template(
        "write.html" if writes_text else "suggestion_form.html",
        d=dossier, contract=contract, fields=fields, courseware=courseware, problem=problem, stale=isinstance(problem, Stale), about=about,
        elsewhere=forms.errors_elsewhere(contract, errors), key=key or forms.new_key(), version=_version(contract, dossier),
        task=dossier.task(about.get("task", "")), reply=_reply(dossier, about.get("reply", "")),
        thing=_thing(contract, dossier, about), shows_text=contract.name in SHOWS_TEXT,
        instead=_instead(contract, dossier, about),
        button=BUTTONS.get(contract.name, contract.label), action=flask.url_for("suggestions.act", id=dossier.id, command=contract.name), **WORDS,
    )  # fmt: skip


def _instead(contract: Command, dossier: Dossier, about: dict[str, str]) -> list[Action]:
    """The other decisions that may be taken about the same."""
    others = INSTEAD.get(contract.name, ())
    if thing := _thing(contract, dossier, about):
        kind = _thing_of(contract)
        possible = [Action(may["command"], may["label"], {kind: thing["id"]}) for may in thing["may"]]
    else:
        possible = dossier.actions
    return [
        action
        for action in possible
        if action.command in others and all(about.get(name, id) == id for name, id in action.about.items())
    ]


# The forms beside which the suggestion's text helps.
SHOWS_TEXT = (
    "accept_suggestion", "return_suggestion", "treat_as_letter", "hand_up", "take_over", "decline_hand_up", "answer_hand_up", "merge_suggestion", "split_suggestion", "make_key",
    "assign_suggestion", "sign_for", "ask_to_return", "make_plan", "agree_plan", "give_opinion", "draft_reply", "accept_cosigning",
    "submit_suggestion", "distribute_task", "hand_in_part", "answer_consultation", "confirm_for_delegation",
)  # fmt: skip


def _command(name: str) -> Command:
    if name not in COMMANDS:
        raise NotFound("没有这项操作。")
    return COMMANDS[name]


def _thing_of(contract: Command) -> str:
    """The kind of thing that a command is about; empty when it is about the suggestion."""
    return next((kind for kind, things in THINGS.items() if contract.path.startswith(f"/{things}/")), "")


def _thing(contract: Command, dossier: Dossier, about: dict[str, str]) -> dict[str, Any]:
    kind = _thing_of(contract)
    return dossier.thing(kind, about.get(kind, "")) if kind else {}


def _version(contract: Command, dossier: Dossier) -> int | None:
    return None if contract.name in INDEPENDENT else dossier.version(contract.service)


def _is_possible(contract: Command, dossier: Dossier, about: dict[str, str]) -> bool:
    """Do the services say that the person may do it? Where one is away the command itself will tell."""
    if contract.service in dossier.silent:
        return True
    if thing := _thing(contract, dossier, about):
        return any(may["command"] == contract.name for may in thing["may"])
    open_ones = dossier.actions_of(contract.name)
    return any(all(about.get(name, id) == id for name, id in action.about.items()) for action in open_ones)


def _the_only_one(contract: Command, dossier: Dossier, about: dict[str, str]) -> dict[str, str]:
    """The task or reply that is meant where the address names none: the first that it is possible for."""
    for name in ("task", "reply", *PARTS):
        if name in contract.schema.fields and name not in about:
            for action in dossier.actions_of(contract.name):
                return {**about, **action.about}
    return about


def _named(dossier: Dossier, name: str, id: str) -> str:
    """What to read for a task or a reply."""
    if name == "task" and (task := dossier.task(id)):
        return f"{task['unit']['name']}（{task['role_label']}）"
    if name == "step" and (step := dossier.part("step", id)):
        return str(step["name"])
    if name == "remark" and (remark := dossier.part("remark", id)):
        return f"{remark['on']} {remark['deputy']['name']}：{remark['text']}"
    if name == "contact" and (contact := dossier.part("contact", id)):
        return f"{contact['on']} {CONTACT_PHASES[contact['phase']]}{CONTACT_METHODS[contact['method']]}：{contact['notes']}"
    if name == "attachment" and (file := dossier.part("attachment", id)):
        return str(file["name"])
    if name == "reply" and (reply := dossier.reply(id)):
        return f"{reply['unit']['name']} {reply['issued_on']} 的答复"
    return ""


def _reply(dossier: Dossier, id: str) -> dict[str, Any]:
    """The text of a reply, which assignment keeps, for who judges it."""
    return next((reply for reply in dossier.handling.get("replies", ()) if reply["reply"] == id), {})


def _said(contract: Command, answer: dict[str, Any]) -> str:
    if contract.name == "accept_suggestion" and answer.get("number"):
        return f"已受理立案，编号{answer['number']}。"
    if contract.name == "remind_unit" and answer.get("reminded"):
        return f"已催办：{'、'.join(answer['reminded'])}。"
    return DONE.get(contract.name, f"“{contract.label}”已办好。")
