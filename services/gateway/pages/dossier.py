"""What one person may see of one suggestion: the answers of four services, laid side by side.

Any of them may refuse, know nothing yet or be away; what there is is shown. Where all refuse, the suggestion does not
exist for this person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.gateway.access import calls
from shared.contracts import assignment, evaluation, intake, supervision
from shared.problems import NotFound, Problem, Unavailable
from shared.terms import REPLY_CLASSES

Data = dict[str, Any]

SOURCES = {
    "intake": intake.SUGGESTION,
    "assignment": assignment.HANDLING,
    "supervision": supervision.LINE,
    "evaluation": evaluation.EVALUATION,
}
# What supervision keeps about a suggestion and governs for itself: by the parameter that names one of them in an address.
THINGS = {"commitment": "commitments", "demand": "demands", "visit": "visits", "measure": "measures"}
# What somebody comes to do next, before what may be done besides. The first that is possible is the page's main button.
NEXT_STEPS = (
    "submit_suggestion", "accept_cosigning", "confirm_for_delegation", "take_over", "answer_hand_up", "accept_suggestion", "adjudicate_return", "grant_extension", "assign_suggestion",
    "answer_consultation", "sign_for", "distribute_task", "approve_reply", "issue_reply", "make_plan", "complete_step", "answer_remark",
    "countersign_reply", "give_opinion", "hand_in_part", "draft_reply", "give_feedback", "judge_kept", "comment_draft", "decide_objection",
    "order_rehandling", "answer_kept", "close_suggestion", "publish_suggestion",
)  # fmt: skip
OVER = ("returned", "ended")  # states of tasks that their units have let go of
PARTS = (
    "step",
    "contact",
    "remark",
    "attachment",
)  # of a task: what an action is about, where there are several
# Done once already, these are possible still, but not what is next.
DONE_WHEN = {
    "make_plan": lambda task: bool(task["plans"]) and task["state"] not in ("reopened", "sent_back"),
    "give_opinion": lambda task: bool(task["opinions"]),
    "distribute_task": lambda task: task["is_split"],
    "hand_in_part": lambda task: task["state"] == "handed_in",
    "draft_reply": lambda task: task["state"] in ("drafted", "approved"),
}


@dataclass
class Action:
    """Something the person may do now. `about` are the parameters that the form's address carries."""

    command: str
    label: str
    about: dict[str, str] = field(default_factory=dict)
    of: str = ""  # whose task or reply, where there are several
    is_next: bool = False


@dataclass
class Dossier:
    """One suggestion as one person sees it; a part that the person does not see is empty."""

    id: str
    text: Data
    handling: Data
    supervision: Data
    evaluation: Data
    silent: list[str]  # services that did not answer
    actions: list[Action] = field(default_factory=list)

    @property
    def line(self) -> Data:
        return dict(self.supervision.get("line") or {})

    def first(self, name: str) -> Any:
        """What the first service that knows says: of number, title, state, congress."""
        for part in (self.text, self.handling, self.line, self.evaluation):
            if part.get(name):
                return part[name]
        return ""

    @property
    def congress(self) -> str:
        return str(self.first("congress"))

    @property
    def title(self) -> str:
        return str(self.first("title"))

    @property
    def number(self) -> str:
        return str(self.first("number"))

    @property
    def state_label(self) -> str:
        """The ledger's word, which sees the whole life; before there is one, the word of whoever knows."""
        if self.line.get("state"):
            return str(self.line["state_label"])
        return str(
            self.handling.get("state_label")
            or STATE_LABELS.get(self.text.get("state", ""), "")
            or self.evaluation.get("state_label", "")
        )

    @property
    def deputies(self) -> list[Data]:
        """Everybody who gets the reply."""
        if self.handling:
            return list(self.handling["answered"])
        return [self.text["lead"], *self.text["cosigners"]] if self.text else []

    @property
    def tasks(self) -> list[Data]:
        return list(self.handling.get("tasks", ()))

    @property
    def lead_task(self) -> Data:
        return next((task for task in self.tasks if task["role"] == "lead" and task["state"] not in OVER), {})

    @property
    def classes(self) -> dict[str, str]:
        """{letter: words} of the classes that a reply can have at the place."""
        return dict(self.handling.get("classes") or REPLY_CLASSES)

    def task(self, id: str) -> Data:
        return next((task for task in self.tasks if task["id"] == id), {})

    def part(self, name: str, id: str) -> Data:
        """A step or a contact of a task, or a deputy's remark, by its id."""
        if name == "remark":
            return next((remark for remark in self.handling.get("remarks", ()) if remark["id"] == id), {})
        found = (part for task in self.tasks for part in task.get(f"{name}s", ()))
        return next((part for part in found if part["id"] == id), {})

    def reply(self, id: str) -> Data:
        return next((reply for reply in self.evaluation.get("replies", ()) if reply["reply"] == id), {})

    def thing(self, kind: str, id: str) -> Data:
        """One of the things that supervision keeps, such as a commitment; empty when there is none."""
        return next((thing for thing in self.supervision.get(THINGS[kind], ()) if thing["id"] == id), {})

    def version(self, service: str) -> int | None:
        """The version of what this service holds, as the person sees it; None where it would tell too much (0)."""
        part = {"intake": self.text, "assignment": self.handling, "evaluation": self.evaluation}.get(
            service, {}
        )
        return part.get("version") or None

    def actions_of(self, command: str) -> list[Action]:
        return [action for action in self.actions if action.command == command]


STATE_LABELS = {
    "draft": "草稿", "submitted": "待审查", "returned": "退回修改", "accepted": "已立案", "lettered": "转作来信", "handed_up": "已转交上级",
    "merged": "已并案", "split": "已分案", "discarded": "已删除",
}  # fmt: skip


def dossier_of(id: str) -> Dossier:
    """Ask all four. Raises NotFound when none of them knows it for this person, Unavailable when none answers."""
    found = calls.gather({service: (query, {"id": id}) for service, query in SOURCES.items()})
    answers = {service: {} if isinstance(answer, Problem) else answer for service, answer in found.items()}
    silent = [
        service for service, answer in found.items() if isinstance(answer, Problem) and answer.status >= 500
    ]
    if not any(answers.values()):
        if silent:
            raise Unavailable("系统暂时没有响应，请稍后再试。")
        raise NotFound("没有找到这件建议。它可能不存在，也可能与您的职责无关。")
    dossier = Dossier(
        id, answers["intake"], answers["assignment"], answers["supervision"], answers["evaluation"], silent
    )
    dossier.actions = _actions(dossier)
    return dossier


def _actions(dossier: Dossier) -> list[Action]:
    """What the person may do, in each service's words; the next step first."""
    found = [Action(may["command"], may["label"]) for may in dossier.text.get("may", ())]
    found += _of_tasks(dossier)
    found += [Action(may["command"], may["label"]) for may in dossier.supervision.get("may", ())]
    found += _of_replies(dossier)
    steps = [action for action in found if action.command in NEXT_STEPS and not _is_done(dossier, action)]
    if steps:
        main = min(steps, key=lambda action: NEXT_STEPS.index(action.command))
        main.is_next = True
        found.remove(main)
        found.insert(0, main)
    return found


def _of_tasks(dossier: Dossier) -> list[Action]:
    allowed = dossier.handling.get("may", ())
    several = len({may["task"] for may in allowed}) > 1
    found = []
    for may in allowed:
        about = {name: may[name] for name in ("task", *PARTS) if may.get(name)}
        of = dossier.task(may["task"]).get("unit", {}).get("name", "") if several else ""
        if contact := dossier.part("contact", may.get("contact", "")):
            of = str(contact["on"])
        found.append(Action(may["command"], may["label"], about, of))
    return found


def _of_replies(dossier: Dossier) -> list[Action]:
    """Judging, sending back and rehandling are about one reply; the others about the suggestion as a whole."""
    flags = {
        "give_feedback": "may_judge",
        "order_rehandling": "may_rehandle",
        "send_reply_back": "may_send_back",
        "reopen_suggestion": "may_reopen",
        "judge_kept": "may_judge_kept",
        "answer_kept": "may_answer_kept",
    }
    found = []
    for may in dossier.evaluation.get("may", ()):
        flag = flags.get(may["command"])
        if not flag:
            found.append(Action(may["command"], may["label"]))
            continue
        open_ones = [reply for reply in dossier.evaluation["replies"] if reply[flag]]
        found += [
            Action(
                may["command"],
                may["label"],
                {"reply": reply["reply"]},
                reply["unit"]["name"] if len(open_ones) > 1 else "",
            )
            for reply in open_ones
        ]
    return found


def _is_done(dossier: Dossier, action: Action) -> bool:
    is_done = DONE_WHEN.get(action.command)
    task = dossier.task(action.about.get("task", ""))
    return bool(is_done and task and is_done(task))
