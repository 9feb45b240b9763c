"""Three places' practices, told step by step over REST as `jianyi.walk` tells the real case of 2023.

Practices, their order and their conditions are those of the sources (docs/practices.md); people, texts and dates are invented.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from jianyi.walk import Cast, Person, Teller, cast_of
from shared.clock import at as moment
from shared.problems import Problem
from shared.settings import Settings

SESSION = {"term": 14, "ordinal": 1, "opens_on": "2023-01-13", "closes_on": "2023-01-19"}
DAY = date(2023, 2, 20)


def text(title: str, kind: str = "suggestion", category: str = "民政养老") -> dict[str, str]:
    return {
        "title": title, "kind": kind, "category": category, "situation": "走访中群众集中反映，三个乡镇都有同样的情况。",
        "analysis": "现行办法没有写明由谁负责、多久办完，办事的人和群众都不清楚。", "proposals": "（一）明确负责的单位。（二）年底以前办结。",
    }  # fmt: skip


class Told:
    """What the walks have in common: one suggestion from its draft to its tasks."""

    congress = "43"

    def __init__(self, teller: Teller, settings: Settings) -> None:
        self.teller, self.settings = teller, settings
        self.cast: Cast = self.take_part()

    def take_part(self) -> Cast:
        """Register who takes part."""
        raise NotImplementedError

    def switch_on(self, name: str, label: str, unit: str = "", **settings: Any) -> None:
        """The congress's office lays down a practice, from the day of assignment on."""
        self.cast["联工委甲"].does(
            date(2023, 1, 5), f"启用做法“{label}”", "directory", "/practices", name=name, congress=self.congress,
            unit=self.cast.units.get(unit, ""), settings=settings, effective_on="2023-01-10", reason="本级办法",
        )  # fmt: skip

    def submitted(self, content: dict[str, str]) -> str:
        """Drafted and submitted by 代表甲, accepted by the office; its id."""
        deputy, office = self.cast["代表甲"], self.cast["联工委甲"]
        id = str(deputy.does(date(2023, 1, 14), f"起草《{content['title']}》", "intake", "/suggestions", congress=self.congress, **content)["id"])  # fmt: skip
        deputy.does(date(2023, 1, 15), "提交", "intake", f"/suggestions/{id}/submit")
        office.does(date(2023, 1, 30), "受理立案", "intake", f"/suggestions/{id}/accept")
        return id

    def assigned(self, id: str, unit: str, clerk: Person) -> str:
        """Assigned to a unit, which signs for it; its task."""
        office = self.cast["联工委甲"]
        office.does(
            DAY, f"交办给{unit}", "assignment", f"/suggestions/{id}/assign", lead=self.cast.units[unit]
        )
        task = str(office.sees(f"/suggestions/{id}/handling")["tasks"][0]["id"])
        clerk.does(date(2023, 2, 21), "签收", "assignment", f"/suggestions/{id}/sign-for", task=task)
        return task

    def step(self, who: Person, on: date, id: str, task: str, name: str, **filled: str) -> None:
        """Complete a step of the task's track."""
        found = next(t for t in who.sees(f"/suggestions/{id}/handling")["tasks"] if t["id"] == task)
        step = next(step for step in found["steps"] if step["name"] == name)
        entries = [{"label": label, "value": value} for label, value in filled.items()]
        who.does(
            on,
            f"完成环节“{name}”",
            "assignment",
            f"/suggestions/{id}/steps",
            task=task,
            step=step["id"],
            entries=entries,
        )

    def draft(self, task: str, reply_class: str = "A", **more: Any) -> dict[str, Any]:
        return {
            "task": task, "text": "代表所提问题已经办好：明确了负责的单位，年底前办结，并建立了长效的办法。", "reply_class": reply_class,
            "publicity": "public", "contact": "经办人甲", "phone": "0731-00000000", **more,
        }  # fmt: skip

    def reply(
        self, id: str, task: str, clerk: Person, head: Person, on: date, number: str, **draft: Any
    ) -> None:
        """Drafted, approved and issued on one day."""
        at = f"/suggestions/{id}/reply"
        clerk.does(on, "起草答复", "assignment", f"{at}/draft", **self.draft(task, **draft))
        head.does(on, "审核答复", "assignment", f"{at}/approve", hour=14, task=task)
        clerk.does(on, "印发答复", "assignment", f"{at}/issue", hour=16, task=task, document_number=number)

    def newest_reply(self, id: str) -> str:
        return str(self.cast["联工委甲"].sees(f"/suggestions/{id}/handling")["replies"][-1]["reply"])

    def judge(self, id: str, on: date, who: str, result: str, comment: str = "") -> None:
        words = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}
        self.cast[who].does(
            on, f"评价：结果{words[result]}", "evaluation", f"/suggestions/{id}/feedback", reply=self.newest_reply(id),
            process="satisfied", result=result, result_comment=comment,
        )  # fmt: skip

    def require(self, holds: bool, sentence: str) -> None:
        """Say what can be seen, or stop the walk because it cannot."""
        if not holds:
            raise Problem(f"应当看到：{sentence}")
        self.teller.remark(sentence)


class CivilAffairs(Told):
    """省民政厅，2018: opinions, suggestions and criticisms each go their own way."""

    UNIT = "湖南省民政厅"

    def take_part(self) -> Cast:
        people = {
            "联工委甲": ("liaison", ""),
            "民政经办人甲": ("handler", self.UNIT),
            "民政负责人甲": ("unit_head", self.UNIT),
        }
        return cast_of(self.teller, self.congress, SESSION, {self.UNIT: ""}, ("代表甲",), people)

    def tell(self) -> None:
        self.switch_on("three_tracks", "意见、建议、批评分类办理", self.UNIT, investigation_days=20)
        self._opinion()
        self._suggestion()
        self._criticism()

    def _begin(self, title: str, kind: str) -> tuple[str, str]:
        id = self.submitted(text(title, kind))
        return id, self.assigned(id, self.UNIT, self.cast["民政经办人甲"])

    def _opinion(self) -> None:
        clerk, head = self.cast["民政经办人甲"], self.cast["民政负责人甲"]
        id, task = self._begin("关于规范城乡低保动态调整的意见", "opinion")
        at = f"/suggestions/{id}"
        clerk.is_refused(date(2023, 3, 1), "没有方案就起草答复", "assignment", f"{at}/reply/draft", because="制定解决方案", **self.draft(task))  # fmt: skip
        plan = {
            "task": task,
            "handler": "民政经办人甲",
            "plan": "每季度核对一次，三十日内调整到位。",
            "expected_result": "应保尽保、应退尽退",
        }
        clerk.does(date(2023, 3, 2), "一事一方案，提出办理预期", "assignment", f"{at}/plan", **plan)
        self.cast["代表甲"].does(date(2023, 3, 3), "不同意：没有写明谁来核对", "assignment", f"{at}/plan/agree", task=task, agrees=False, note="没有写明谁来核对。")  # fmt: skip
        clerk.does(date(2023, 3, 6), "修改方案", "assignment", f"{at}/plan", **{**plan, "plan": "由乡镇民政所每季度核对一次，三十日内调整到位。"})  # fmt: skip
        self.cast["代表甲"].does(
            date(2023, 3, 7), "同意方案", "assignment", f"{at}/plan/agree", task=task, agrees=True
        )
        self.step(
            clerk,
            date(2023, 3, 20),
            id,
            task,
            "落实措施和责任人",
            措施="乡镇民政所季度核对",
            责任领导="副厅长甲",
            责任人="处长甲",
        )
        self.reply(id, task, clerk, head, date(2023, 4, 10), "湘民议〔2023〕1号")

    def _suggestion(self) -> None:
        clerk, head = self.cast["民政经办人甲"], self.cast["民政负责人甲"]
        id, task = self._begin("关于建立社区嵌入式养老服务制度的建议", "suggestion")
        self.step(clerk, date(2023, 3, 10), id, task, "可行性评估", 评估结论="可行，宜先在三个市试点")
        self.step(
            clerk,
            date(2023, 3, 24),
            id,
            task,
            "专家学者集中会诊",
            专家="专家甲、专家乙、专家丙",
            会诊意见="补贴应当跟着服务走",
        )
        clerk.does(
            date(2023, 4, 1), "起草答复", "assignment", f"/suggestions/{id}/reply/draft", **self.draft(task)
        )
        head.is_refused(date(2023, 4, 2), "没有政策就签发", "assignment", f"/suggestions/{id}/reply/approve", because="政策创制", task=task)  # fmt: skip
        self.step(
            clerk,
            date(2023, 4, 20),
            id,
            task,
            "政策创制",
            **{"拟出台的政策、制度或立法建议；不需要的写明理由": "《社区嵌入式养老服务补贴办法》"},
        )
        self.reply(id, task, clerk, head, date(2023, 4, 24), "湘民议〔2023〕2号")

    def _criticism(self) -> None:
        clerk, head = self.cast["民政经办人甲"], self.cast["民政负责人甲"]
        id, task = self._begin("关于婚姻登记窗口推诿的批评", "criticism")
        at = f"/suggestions/{id}/reply"
        clerk.is_refused(date(2023, 3, 1), "没有调查就起草答复", "assignment", f"{at}/draft", because="问题调查", **self.draft(task))  # fmt: skip
        self.step(
            clerk, date(2023, 3, 9), id, task, "问题调查", 查明的事实="两名群众跑了三趟", 原因="没有首问负责"
        )
        clerk.does(date(2023, 3, 20), "起草答复", "assignment", f"{at}/draft", **self.draft(task))
        head.does(date(2023, 3, 21), "审核答复", "assignment", f"{at}/approve", task=task)
        clerk.is_refused(date(2023, 3, 22), "没有整改就印发", "assignment", f"{at}/issue", because="整改", task=task, document_number="湘民议〔2023〕3号")  # fmt: skip
        self.step(clerk, date(2023, 3, 27), id, task, "整改", 整改措施和结果="窗口实行首问负责，回访两名群众")
        self.step(
            head,
            date(2023, 3, 28),
            id,
            task,
            "追责",
            **{"对责任人的处理；没有责任人的写明理由": "批评教育，调离窗口"},
        )
        clerk.does(
            date(2023, 3, 29),
            "印发答复",
            "assignment",
            f"{at}/issue",
            task=task,
            document_number="湘民议〔2023〕3号",
        )
        self.judge(id, date(2023, 4, 1), "代表甲", "satisfied")
        self.cast["联工委甲"].does(date(2023, 4, 3), "办结", "evaluation", f"/suggestions/{id}/close")


class Liuyang(Told):
    """浏阳市，2022: 三定，三访，and back-to-back: the unit learns after closing, and not who said what."""

    congress = "43.01.81"
    UNIT = "浏阳市水利局"

    def take_part(self) -> Cast:
        people = {
            "联工委甲": ("liaison", ""),
            "水利经办人甲": ("handler", self.UNIT),
            "水利负责人甲": ("unit_head", self.UNIT),
        }
        return cast_of(self.teller, self.congress, SESSION, {self.UNIT: ""}, ("代表甲", "代表乙"), people)

    def tell(self) -> None:
        self.switch_on("three_fixes_three_visits", "三定、三访")
        self.switch_on("feedback", "背靠背", unit_learns="closing", names="without", least_count=2)
        clerk, head, office = self.cast["水利经办人甲"], self.cast["水利负责人甲"], self.cast["联工委甲"]
        deputy, id = self.cast["代表甲"], ""
        content = text("关于整修大围山镇灌溉水渠的建议", category="水利")
        id = str(deputy.does(date(2023, 1, 14), f"起草《{content['title']}》", "intake", "/suggestions", congress=self.congress, **content)["id"])  # fmt: skip
        at = f"/suggestions/{id}"
        deputy.does(
            date(2023, 1, 14),
            "邀请代表乙附议",
            "intake",
            f"{at}/invite",
            deputies=[self.cast.seats["代表乙"]],
        )
        self.cast["代表乙"].does(date(2023, 1, 14), "同意附议", "intake", f"{at}/cosign", hour=14)
        deputy.does(date(2023, 1, 15), "提交", "intake", f"{at}/submit")
        office.does(date(2023, 1, 30), "受理立案", "intake", f"{at}/accept")
        task = self.assigned(id, self.UNIT, clerk)
        clerk.is_refused(date(2023, 2, 22), "没有三定就起草答复", "assignment", f"{at}/reply/draft", because="三定", **self.draft(task))  # fmt: skip
        clerk.does(date(2023, 2, 24), "三定：定经办人、定方案、定时间", "assignment", f"{at}/plan", task=task, handler="水利经办人甲", plan="三月勘测，四月施工。", reply_by="2023-05-10")  # fmt: skip
        self._visit(id, task, date(2023, 2, 27), "before", "办前拜访，听取意图。")
        clerk.does(date(2023, 5, 4), "起草答复", "assignment", f"{at}/reply/draft", **self.draft(task))
        head.does(date(2023, 5, 5), "审核答复", "assignment", f"{at}/reply/approve", task=task)
        clerk.is_refused(date(2023, 5, 6), "没有办中走访就印发", "assignment", f"{at}/reply/issue", because="办中走访", task=task, document_number="浏水议〔2023〕1号")  # fmt: skip
        self._visit(id, task, date(2023, 5, 8), "during", "在渠首当面商定。")
        clerk.does(
            date(2023, 5, 9),
            "印发答复",
            "assignment",
            f"{at}/reply/issue",
            task=task,
            document_number="浏水议〔2023〕1号",
        )
        self._visit(id, task, date(2023, 5, 12), "after", "办后回访。")
        before = clerk.sees(f"{at}/evaluation")
        self.judge(id, date(2023, 5, 15), "代表乙", "satisfied")
        self.judge(id, date(2023, 5, 15), "代表甲", "unsatisfied", "渠尾还是没有水。")
        self.require(
            clerk.sees(f"{at}/evaluation") == before, "两位代表都评价了；承办单位看到的和评价以前一模一样。"
        )
        office.does(date(2023, 5, 18), "责令重新办理", "evaluation", f"{at}/rehandle", reply=self.newest_reply(id), reason="渠尾通水的问题再办理。")  # fmt: skip
        self.require(
            "渠尾还是没有水" not in str(clerk.sees(f"{at}/evaluation")),
            "单位知道要再办什么，不知道是谁说的。",
        )
        self.reply(id, task, clerk, head, date(2023, 6, 12), "浏水议〔2023〕2号")
        for who in ("代表甲", "代表乙"):
            self.judge(id, date(2023, 6, 15), who, "satisfied")
        office.does(date(2023, 6, 19), "办结", "evaluation", f"{at}/close")
        learnt = str(clerk.sees(f"{at}/evaluation"))
        self.require(
            "代表甲" not in learnt and "渠尾还是没有水" not in learnt,
            "办结以后单位知道结果，仍然不知道谁说了什么。",
        )

    def _visit(self, id: str, task: str, on: date, phase: str, notes: str) -> None:
        self.cast["水利经办人甲"].does(
            on, notes, "assignment", f"/suggestions/{id}/contacts", task=task, phase=phase, method="visit", on=on.isoformat(),
            deputies=[self.cast.seats["代表甲"]], notes=notes,
        )  # fmt: skip


class Hunan(Told):
    """湖南省：the grand supervision of one key suggestion by six parties, the ladder, and a promise brought to its end."""

    UNIT = "湖南省医疗保障局"
    LEADER, SPONSOR, COMMITTEE = "常委会副主任甲", "副省长甲", "社会建设委员会"

    def take_part(self) -> Cast:
        people = {
            "联工委甲": ("liaison", ""), self.LEADER: ("standing_leader", ""), self.SPONSOR: ("government_leader", ""),
            self.COMMITTEE: ("committee", ""), "医保经办人甲": ("handler", self.UNIT), "医保负责人甲": ("unit_head", self.UNIT),
        }  # fmt: skip
        return cast_of(self.teller, self.congress, SESSION, {self.UNIT: ""}, ("代表甲",), people)

    def tell(self) -> None:
        self.switch_on("grand_supervision", "大督办")
        id = self.submitted(text("关于异地就医直接结算扩面的建议", category="医疗卫生"))
        at, office, clerk, head = (
            f"/suggestions/{id}",
            self.cast["联工委甲"],
            self.cast["医保经办人甲"],
            self.cast["医保负责人甲"],
        )
        office.does(
            date(2023, 2, 10), "主任会议确定为重点处理建议", "intake", f"{at}/key", theme="优化医疗保障", leading_supervisor=self.LEADER,
            sponsor=self.SPONSOR, committee=self.COMMITTEE, decided_on="2023-02-10",
        )  # fmt: skip
        task = self.assigned(id, self.UNIT, clerk)
        for who, duty in ((self.LEADER, "牵头督办"), (self.SPONSOR, "领办"), (self.COMMITTEE, "对口督办")):
            listed = str(self.cast[who].sees("/supervision/board", congress=self.congress))
            self.require(id in listed, f"{who}在“我的督办”里看到这一件（{duty}）。")
        self._supervise(id, at)
        self._let_it_slip(id, at)
        self.reply(
            id, task, clerk, head, date(2023, 6, 12), "湘医保议〔2023〕1号", reply_class="B",
            commitments=[{"text": "年底前所有统筹区门诊慢特病可以直接结算", "due_on": "2023-12-29"}],
        )  # fmt: skip
        self.judge(id, date(2023, 6, 15), "代表甲", "satisfied")
        office.does(date(2023, 6, 20), "办结", "evaluation", f"{at}/close")
        self._clear(id)

    def _supervise(self, id: str, at: str) -> None:
        """On the spot: findings, and a demand with a date, which the unit answers and the office settles."""
        office, clerk = self.cast["联工委甲"], self.cast["医保经办人甲"]
        unit = self.cast.units[self.UNIT]
        office.does(
            date(2023, 5, 12), "登记副主任现场督办，提出要求", "supervision", f"{at}/supervisions", on="2023-05-12", method="on_site",
            place="省医保局", led_by=self.LEADER, participants="社会建设委员会", findings="查数据、问运行、接听热线、座谈交流。",
            deputies=[self.cast.seats["代表甲"]], said="乡镇卫生院还不能结算。",
            demands=[{"text": "乡镇卫生院全部接入", "unit": unit, "due_on": "2023-06-30"}],
        )  # fmt: skip
        demand = next(d for d in clerk.sees("/demands") if d["suggestion"] == id)
        clerk.does(
            date(2023, 5, 19),
            "答复督办要求",
            "supervision",
            f"/demands/{demand['id']}/answer",
            text="已接入九成，六月底全部接入。",
        )
        office.does(date(2023, 5, 22), "核定了结", "supervision", f"/demands/{demand['id']}/settle")

    def _let_it_slip(self, id: str, at: str) -> None:
        """The reply was due on 22 May: the system proposes a notice, a person decides, the unit answers."""
        office, clerk, head = self.cast["联工委甲"], self.cast["医保经办人甲"], self.cast["医保负责人甲"]
        self.teller.operator.post("/ticks", {}, now=moment(date(2023, 5, 24)))
        proposed = next(m for m in office.sees("/measures", congress=self.congress) if m["suggestion"] == id)
        self.require(
            proposed["state"] == "proposed", f"答复逾期，系统建议采取“{proposed['rung_label']}”，等人决定。"
        )
        office.does(
            date(2023, 5, 24), "决定发出督办通知", "supervision", f"/measures/{proposed['id']}/decide", decision="take",
            text="答复已经逾期，请说明原因并抓紧办理。", document_number="湘人大督〔2023〕1号", due_on="2023-06-05",
        )  # fmt: skip
        self.require(bool(clerk.sees("/measures")), "承办单位看到督办通知和回复期限。")
        head.does(
            date(2023, 6, 5),
            "回复督办通知",
            "supervision",
            f"/measures/{proposed['id']}/answer",
            text="系统联调延误，六月十二日答复。",
        )
        office.does(
            date(2023, 6, 13),
            "解除督办通知",
            "supervision",
            f"/measures/{proposed['id']}/end",
            outcome="已经说明原因，定下答复日期。",
        )

    def _clear(self, id: str) -> None:
        """The promise is reported as kept, confirmed, and gone from the board of what is left."""
        office, clerk = self.cast["联工委甲"], self.cast["医保经办人甲"]
        promise = next(
            c for c in office.sees("/commitments", congress=self.congress) if c["suggestion"] == id
        )
        clerk.does(date(2023, 12, 20), "报告承诺完成", "supervision", f"/commitments/{promise['id']}/keep", evidence="十四个统筹区全部开通。", kept_on="2023-12-20")  # fmt: skip
        office.does(
            date(2023, 12, 22), "核实后确认销号", "supervision", f"/commitments/{promise['id']}/confirm"
        )


WALKS: dict[str, Callable[[Teller, Settings], Told]] = {
    "hunan": Hunan, "civil-affairs": CivilAffairs, "liuyang": Liuyang,
}  # fmt: skip
