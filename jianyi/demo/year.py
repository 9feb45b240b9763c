"""Plays the demo year: some 200 suggestions brought into all states, by the same commands that users give.

Every command has a key, so that a year that was cut off goes on where it ended, and nothing is played twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from jianyi.demo import content
from jianyi.demo.cast import Stage, session_dates
from jianyi.insider import Insider
from shared.clock import at
from shared.contracts import assignment as a
from shared.contracts import evaluation as e
from shared.contracts import intake as i
from shared.contracts import supervision as s
from shared.identity import Actor

# What becomes of the suggestions handed in between sessions, in turn; those of the session have come to their end.
RECENT_FATES = (
    "draft", "invited", "submitted", "submitted", "returned", "lettered", "accepted", "listed", "assigned", "return_asked",
    "signed", "planned", "contacted", "drafted", "approved", "replied", "rehandling",
)  # fmt: skip
SESSION_FATES = (
    "published", "published", "closed", "published", "reheard", "published", "published", "judged", "published", "published",
    "unsatisfied", "closed", "published", "published",
)  # fmt: skip
ORDER = (
    "draft", "invited", "submitted", "accepted", "assigned", "signed", "planned", "contacted", "drafted", "approved", "replied",
    "judged", "closed", "published",
)  # fmt: skip


@dataclass
class Tale:
    """One suggestion of the year: its text, how far it comes, and when it begins."""

    text: dict[str, Any]
    number: int  # within its congress
    stage: Stage
    fate: str
    begins: date
    id: str = ""
    task: str = ""
    joint: dict[str, str] = field(default_factory=dict)  # unit name → task
    reply: str = ""

    @property
    def key(self) -> str:
        return f"demo-{self.stage.path}-{self.number}"

    def reaches(self, step: str) -> bool:
        """Does this suggestion come as far as this step?"""
        end = {"reheard": "published", "returned": "submitted", "lettered": "submitted", "listed": "accepted", "return_asked": "assigned",
               "rehandling": "judged", "unsatisfied": "judged"}.get(self.fate, self.fate)  # fmt: skip
        return ORDER.index(step) <= ORDER.index(end)

    @property
    def deputies(self) -> list[str]:
        """Lead deputy and up to three cosigners, by name."""
        names = list(self.stage.deputies)
        start = self.number * 3 % len(names)
        return [names[(start + step) % len(names)] for step in range(1 + self.number % 4)]


class Year:
    """Plays one year on the stages. `told(done, total)` hears of the progress."""

    def __init__(
        self, insider: Insider, stages: dict[str, Stage], today: date, told: Callable[[int, int], None]
    ) -> None:
        self.insider, self.stages, self.today, self.told = insider, stages, today, told
        self.tales = self._cast_tales()
        self.done, self.total = 0, len(self.tales) * 2

    def play(self) -> None:
        """From the drafts to the publications. Congress by congress, so that each is whole as soon as possible."""
        for path in self.stages:
            tales = [tale for tale in self.tales if tale.stage.path == path]
            for tale in tales:
                self._gather(tale)
                self._step()
            self._assign(self.stages[path], tales)
            for tale in tales:
                self._handle(tale)
                self._step()

    def _step(self) -> None:
        self.done += 1
        self.told(self.done, self.total)

    def _cast_tales(self) -> list[Tale]:
        tales = []
        counts = dict.fromkeys(self.stages, 0)
        for text in content.suggestions():
            path = text["congress"]
            if path not in self.stages:
                continue
            number = counts[path]
            counts[path] += 1
            if number % 3 == 2:  # every third was handed in between sessions, in the last two months
                fate = RECENT_FATES[number // 3 % len(RECENT_FATES)]
                begins = self.today - timedelta(days=6 + number * 7 % 50)
            else:
                fate = SESSION_FATES[number % len(SESSION_FATES)]
                begins = session_dates(path, self.today.year)[0]
            tales.append(Tale(text, number, self.stages[path], fate, begins))
        return tales

    def _do(
        self, tale: Tale, who: Actor, command: Any, step: str, on: date, hour: int = 10, /, **data: Any
    ) -> dict[str, Any]:
        return self.insider.do(
            who, command, tale.id, data, key=f"{tale.key}-{step}", now=self._moment(on, hour)
        )

    def _moment(self, on: date, hour: int) -> datetime:
        return at(min(on, self.today), hour)

    # --- gathering --------------------------------------------------------------------------------------------

    def _gather(self, tale: Tale) -> None:
        stage, text, day = tale.stage, tale.text, tale.begins
        lead = stage.deputy(tale.deputies[0])
        data = {
            name: text[name] for name in ("title", "situation", "analysis", "proposals", "kind", "category")
        }
        answer = self.insider.do(
            lead,
            i.DRAFT,
            "",
            {"congress": stage.path, **data},
            key=f"{tale.key}-draft",
            now=self._moment(day, 8),
        )
        tale.id = answer["id"]
        if not tale.reaches("invited"):
            return
        if others := tale.deputies[1:]:
            self._do(
                tale, lead, i.INVITE, "invite", day, 9, deputies=[stage.deputies[name] for name in others]
            )
            for name in others if tale.reaches("submitted") else ():
                self._do(tale, stage.deputy(name), i.COSIGN, f"cosign-{name}", day, 10)
        if not tale.reaches("submitted"):
            return
        self._do(tale, lead, i.SUBMIT, "submit", day, 11)
        office, next_day = stage.liaison(), day + timedelta(days=2)
        if tale.fate == "returned":
            self._do(
                tale,
                office,
                i.RETURN,
                "return",
                next_day,
                reason_codes=["unclear"],
                reason="请补充具体路段和受影响的户数后再提交。",
            )
        elif tale.fate == "lettered":
            self._do(
                tale,
                office,
                i.LETTER,
                "letter",
                next_day,
                reason_codes=["personal"],
                reason="属个别事项，转有关部门按来信处理，并告知代表。",
            )
        elif tale.reaches("accepted"):
            self._do(tale, office, i.ACCEPT, "accept", next_day)
            if tale.number % 15 == 0:
                self._make_key(tale, next_day)

    def _make_key(self, tale: Tale, on: date) -> None:
        people, text = tale.stage.people, tale.text
        committee = next(
            (c for c in people["committees"] if text["category"] in c["fields"]), people["committees"][0]
        )
        self._do(
            tale, tale.stage.liaison(), i.MAKE_KEY, "key", on, 15, theme=f"{text['category']}领域民生实事",
            leading_supervisor=people["supervisors"][0]["name"], sponsor=people["sponsors"][0]["name"],
            committee=committee["name"], decided_on=on.isoformat(),
        )  # fmt: skip

    # --- assigning --------------------------------------------------------------------------------------------

    def _assign(self, stage: Stage, tales: list[Tale]) -> None:
        """Those of the session at one meeting; later ones singly; some wait in a batch that is being drawn up."""
        office = stage.liaison()
        opened = session_dates(stage.path, self.today.year)[0]
        meeting = opened + timedelta(days=27)
        session_lot = [tale for tale in tales if tale.begins == opened and tale.reaches("assigned")]
        batch = self._batch(stage, "main", f"{self.today.year}年代表建议交办会", meeting, session_lot)
        self.insider.do(office, a.ISSUE_BATCH, batch, {}, key=f"demo-{stage.path}-issue", now=at(meeting, 15))
        for tale in tales:
            if tale.begins != opened and tale.reaches("assigned"):
                day = tale.begins + timedelta(days=4)
                self._do(tale, office, a.ASSIGN, "assign", day, **self._units(tale))
        listed = [tale for tale in tales if tale.fate == "listed"]
        if listed:
            self._batch(stage, "next", "闭会期间代表建议交办会", self.today + timedelta(days=5), listed)

    def _batch(self, stage: Stage, name: str, title: str, meeting: date, tales: list[Tale]) -> str:
        office, when = stage.liaison(), self._moment(meeting - timedelta(days=5), 9)
        data = {"congress": stage.path, "name": title, "meeting_on": meeting.isoformat()}
        batch = str(
            self.insider.do(office, a.DRAW_UP, "", data, key=f"demo-{stage.path}-batch-{name}", now=when)[
                "id"
            ]
        )
        for tale in tales:
            data = {"suggestion": tale.id, **self._units(tale)}
            self.insider.do(office, a.PUT_IN, batch, data, key=f"{tale.key}-put", now=when)
        return batch

    def _units(self, tale: Tale) -> dict[str, Any]:
        units = tale.stage.units
        return {
            "lead": units[tale.text["lead_unit"]],
            "joint": [units[name] for name in tale.text["joint_units"]],
        }

    # --- handling ---------------------------------------------------------------------------------------------

    def _handle(self, tale: Tale) -> None:
        if not tale.reaches("assigned"):
            return
        stage, unit = tale.stage, tale.text["lead_unit"]
        clerk, head = stage.clerk(unit), stage.head(unit)
        handling = self._handling_of(tale)
        for task in handling["tasks"]:
            if task["role"] == "joint":
                tale.joint[task["unit"]["name"]] = task["id"]
            else:
                tale.task = task["id"]
        recent = tale.begins != session_dates(stage.path, self.today.year)[0]
        start = tale.begins + timedelta(days=5 if recent else 29)
        if tale.fate == "return_asked":
            self._do(
                tale,
                clerk,
                a.ASK_RETURN,
                "ask-return",
                start,
                task=tale.task,
                reason="所提事项主要由其他部门负责，申请退办。",
            )
        if not tale.reaches("signed"):
            return
        self._do(tale, clerk, a.SIGN_FOR, "sign", start, task=tale.task)
        for name, task in tale.joint.items():
            self._do(tale, stage.clerk(name), a.SIGN_FOR, f"sign-{name}", start, 11, task=task)
        pace = 1 if recent else 4 + tale.number % 4
        if tale.reaches("planned"):
            plan = "先到现场核实情况，与代表面商，再会同有关单位研究措施，按期答复。"
            self._do(
                tale,
                clerk,
                a.PLAN,
                "plan",
                start + timedelta(days=pace),
                task=tale.task,
                handler="经办人甲",
                phone="0731-00000000",
                plan=plan,
            )
        if tale.reaches("contacted"):
            self._contacts(tale, clerk, start, pace)
        if tale.reaches("drafted"):
            self._reply(tale, clerk, head, start + timedelta(days=pace * 10), "1")
        if tale.reaches("judged"):
            self._judge(tale, start + timedelta(days=pace * 10))

    def _handling_of(self, tale: Tale) -> dict[str, Any]:
        return dict(self.insider.ask(tale.stage.liaison(), a.HANDLING, id=tale.id))

    def _contacts(self, tale: Tale, clerk: Actor, start: date, pace: int) -> None:
        seats = [tale.stage.deputies[name] for name in tale.deputies]
        steps = (("before", "phone", "电话了解代表意图。"), ("during", "visit" if tale.number % 5 else "symposium", "与代表到现场查看，商定措施。"),
                 ("after", "phone", "向代表通报拟答复内容，代表表示理解。"))  # fmt: skip
        for index, (phase, method, notes) in enumerate(steps):
            on = start + timedelta(days=pace * (2 + index * 2))
            if on <= self.today:
                self._do(
                    tale,
                    clerk,
                    a.LOG_CONTACT,
                    f"contact-{phase}",
                    on,
                    task=tale.task,
                    phase=phase,
                    method=method,
                    on=on.isoformat(),
                    deputies=seats,
                    notes=notes,
                )

    def _reply(
        self, tale: Tale, clerk: Actor, head: Actor, on: date, round: str, reply_class: str = ""
    ) -> None:
        text = tale.text
        for name, task in tale.joint.items():
            if round == "1":
                self._do(
                    tale,
                    tale.stage.clerk(name),
                    a.GIVE_OPINION,
                    f"opinion-{name}",
                    on - timedelta(days=3),
                    task=task,
                    text="我单位职责范围内的事项已安排落实，同意主办单位意见。",
                )
        reply_class = reply_class or text["reply_class"]
        promises = []
        if reply_class == "B":
            due = on + timedelta(days=30 * text["commitment"]["months"])
            promises = [
                {
                    "text": text["commitment"]["text"],
                    "due_on": max(due, self.today - timedelta(days=20)).isoformat(),
                }
            ]
        self._do(
            tale, clerk, a.DRAFT_REPLY, f"draft-reply-{round}", on, 9, task=tale.task, text=text["reply"], reply_class=reply_class,
            publicity="public" if tale.number % 9 else "on_request", contact="经办人甲", phone="0731-00000000", commitments=promises,
            results=self._results(tale, reply_class),
        )  # fmt: skip
        if tale.reaches("approved"):
            self._do(tale, head, a.APPROVE_REPLY, f"approve-{round}", on, 14, task=tale.task)
        if tale.reaches("replied"):
            number = f"建复〔{self.today.year}〕{tale.number + 1}号" + ("" if round == "1" else f"之{round}")
            self._do(
                tale,
                clerk,
                a.ISSUE_REPLY,
                f"issue-{round}",
                on + timedelta(days=1),
                task=tale.task,
                document_number=number,
            )

    def _results(self, tale: Tale, reply_class: str) -> list[dict[str, Any]]:
        """What came of it, in the unit's words: of what is solved or being solved."""
        number, year = tale.number, self.today.year
        adopted = {"kind": "adopted", "text": "建议的主要意见已经采纳，写进工作方案"}
        plan = {"kind": "policy", "text": "印发实施方案", "document": f"《{year}年度实施方案》"}
        project = {
            "kind": "project",
            "text": f"列入{year}年度项目",
            "money": 40 * (number % 6 + 1),
            "people": 600 * (number % 7 + 1),
        }
        by_class = {"A": ([adopted], [project], [adopted, plan], [project]), "B": ([adopted], [], [plan], [])}
        return by_class[reply_class][number % 4] if reply_class in by_class else []

    # --- judging ----------------------------------------------------------------------------------------------

    def _judge(self, tale: Tale, replied: date) -> None:
        office, on = tale.stage.liaison(), replied + timedelta(days=6)
        unhappy = tale.fate in ("reheard", "rehandling", "unsatisfied")
        self._give_feedback(tale, on, 1, unhappy)
        if tale.fate in ("reheard", "rehandling"):
            reason = "代表对结果不满意，请深入现场再次办理，一个月内再次答复。"
            ordered = on + timedelta(days=3)
            self._do(
                tale,
                office,
                e.ORDER_REHANDLING,
                "rehandle",
                ordered,
                reply=self._newest_reply(tale, 1),
                reason=reason,
            )
        if tale.fate == "reheard":
            again = on + timedelta(days=25)
            unit = tale.text["lead_unit"]
            self._reply(tale, tale.stage.clerk(unit), tale.stage.head(unit), again, "2", "A")
            on = again + timedelta(days=6)
            self._give_feedback(tale, on, 2, False)
        if tale.reaches("closed"):
            self._do(tale, office, e.CLOSE, "close", on + timedelta(days=15))
        if tale.reaches("published"):
            self._do(tale, office, e.PUBLISH, "publish", on + timedelta(days=20))
        if tale.number % 12 == 0:
            self._supervise(tale, replied - timedelta(days=9))

    def _give_feedback(self, tale: Tale, on: date, round: int, unhappy: bool) -> None:
        reply = self._newest_reply(tale, round)
        for index, name in enumerate(tale.deputies):
            judged = (
                "unsatisfied"
                if unhappy and index == 0
                else "basically"
                if (tale.number + index) % 4 == 0
                else "satisfied"
            )
            comment = "措施还没有落到实处，请再办理。" if unhappy else tale.text["comment_result"]
            self._do(
                tale, tale.stage.deputy(name), e.GIVE_FEEDBACK, f"feedback-{name}-{round}", on, reply=reply, process="satisfied",
                process_comment=tale.text["comment_process"] if index == 0 else "", result=judged,
                result_comment=comment if index == 0 else "",
            )  # fmt: skip

    def _supervise(self, tale: Tale, on: date) -> None:
        leader = tale.stage.people["supervisors"][0]["name"]
        self._do(
            tale, tale.stage.liaison(), s.LOG_SUPERVISION, "supervise", on, on=on.isoformat(), method="on_site",
            place=tale.text["lead_unit"], led_by=leader, findings="查看现场，听取承办单位和代表意见，要求按期落实。",
        )  # fmt: skip

    def _newest_reply(self, tale: Tale, round: int) -> str:
        replies = [r for r in self._handling_of(tale)["replies"] if r["round"] == round]
        return str(replies[-1]["reply"])
