"""A real case, step by step over REST: 《关于建立人社、税务、医保三部门社保费信息系统联合运维工作机制的建议》.

Titles, units and dates are the real ones (联络动态 2023 年第 12 期); what happens between the known dates, and all
people in it, are invented. The case tells its own time: every step says when it happened.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import urllib3
from rich.console import Console

from jianyi.client import Client
from jianyi.processes import running_network
from shared.clock import at
from shared.problems import Problem
from shared.settings import Settings

PASSWORD = "walk-through-2023"
FOLLOWED_SECONDS = 20.0
TITLE = "关于建立人社、税务、医保三部门社保费信息系统联合运维工作机制的建议"
TAX, HR, MEDICAL, FINANCE = (
    "国家税务总局湖南省税务局",
    "湖南省人力资源和社会保障厅",
    "湖南省医疗保障局",
    "湖南省财政厅",
)

TEXT = {
    "title": TITLE,
    "situation": "社会保险费征收职责划转以后，人社、税务、医保三部门的信息系统各自建设、各自运维。缴费人办理参保、缴费、退费时，数据要在三个系统之间传递，一处出错，三处都查不清。",
    "analysis": "三部门之间没有统一的运维机制：故障由谁受理、多久解决、数据以谁为准都没有约定，问题在部门之间来回，群众要跑几个窗口。",
    "proposals": "（一）建立三部门联合运维工作机制，明确牵头单位和职责。（二）组建联合运维中心，三方技术力量集中办公。（三）统一受理、限时办结、定期通报。",
    "kind": "suggestion",
    "category": "社会保障",
}


@dataclass
class Teller:
    """Prints one line per step: date, who, what, which service did it, what followed, how long the last consumer took."""

    console: Console
    operator: Client
    steps: int = 0
    slowest: float = 0.0

    def tell(self, on: date, who: str, what: str, service: str, began: float, traceparent: str) -> None:
        self.steps += 1
        followed, seconds = self._what_followed(traceparent, began)
        self.slowest = max(self.slowest, seconds)
        self.console.print(
            f"[dim]{self.steps:2}[/dim] {on:%Y-%m-%d} [bold]{who}[/bold] {what} [cyan]{service}[/cyan] → "
            f"{'、'.join(followed) or '（无事件）'} [dim]{seconds * 1000:.0f} ms[/dim]",
            soft_wrap=True,
        )

    def tell_refusal(self, on: date, who: str, what: str, service: str, sentence: str) -> None:
        self.steps += 1
        self.console.print(
            f"[dim]{self.steps:2}[/dim] {on:%Y-%m-%d} [bold]{who}[/bold] {what} [cyan]{service}[/cyan] [yellow]✕ {sentence}[/yellow]",
            soft_wrap=True,
        )

    def remark(self, sentence: str) -> None:
        """What can be seen at this point, in one line."""
        self.console.print(f"      [green]{sentence}[/green]", soft_wrap=True)

    def _what_followed(self, traceparent: str, began: float) -> tuple[list[str], float]:
        """The events of a trace, and the seconds from the command until their last consumer had taken them in."""
        trace = self.await_consumers(traceparent)
        types = dict.fromkeys(event["type"].rpartition(".")[0] for event in trace["published"])
        last = max((datetime.fromisoformat(h["at"]).timestamp() for h in trace["handled"]), default=began)
        return list(types), max(last - began, 0.0)

    def await_consumers(self, traceparent: str) -> dict[str, Any]:
        """Wait until every service that handles an event of this trace has taken it in. Raises Problem if one does not."""
        ends = time.monotonic() + FOLLOWED_SECONDS
        while True:
            trace = dict(self.operator.get(f"/trace/{traceparent[3:35]}"))
            if not trace["pending"]:
                return trace
            if time.monotonic() > ends:
                waiting = {f"{event['service']} ← {event['type']}" for event in trace["pending"]}
                raise Problem(f"{FOLLOWED_SECONDS:.0f} 秒内没有处理完的事件：{'、'.join(sorted(waiting))}")
            time.sleep(0.02)


@dataclass
class Person:
    """Somebody of the case, signed in."""

    name: str
    client: Client
    teller: Teller

    def does(
        self, on: date, what: str, service: str, path: str, /, *, hour: int = 10, **data: Any
    ) -> dict[str, Any]:
        """One step: a command over REST, at the case's time, with what followed."""
        began = time.time()
        answer = self.client.post(path, data, now=at(on, hour))
        self.teller.tell(on, self.name, what, service, began, self.client.traceparent)
        return dict(answer)

    def is_refused(self, on: date, what: str, service: str, path: str, /, because: str, **data: Any) -> None:
        """One step that the practice does not allow yet: the refusal has to say `because`."""
        try:
            self.client.post(path, data, now=at(on, 9))
        except Problem as refusal:
            if because not in refusal.detail:
                raise
            self.teller.tell_refusal(on, self.name, what, service, refusal.detail)
            return
        raise Problem(f"{self.name} {what}：应当被拒绝，却办成了。")

    def sees(self, path: str, **params: Any) -> Any:
        return self.client.get(path, **params)


@dataclass
class Cast:
    """Who takes part, and the ids of units and deputies."""

    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]


def walk_through(settings: Settings, console: Console, *, real: bool, keep: bool, practice: str = "") -> bool:
    """Tell a whole case on a network of its own: the real one of 2023, or a place's practice. True when all went as told."""
    from jianyi.practice_walks import WALKS

    with ExitStack() as stack:
        network = stack.enter_context(running_network(settings, console, real=real))
        teller = Teller(console, Client.as_system(network))
        began = time.monotonic()
        if practice:
            WALKS[practice](teller, network).tell()
        else:
            story = Case(_cast(teller.operator, teller, network))
            story.tell()
            story.conclude(console, network)
        console.print(
            f"\n{teller.steps} 步，用时 {time.monotonic() - began:.1f} 秒；最慢的一步 {teller.slowest * 1000:.0f} ms 后所有服务都已处理完。"
        )
        if keep:
            console.input("按回车键停止……")
    return True


def _cast(system: Client, teller: Teller, settings: Settings) -> Cast:
    """The session, the units, the deputies and their accounts of the case."""
    short = {TAX: "税务", HR: "人社", MEDICAL: "医保", FINANCE: "财政"}
    people: dict[str, Role] = {"联工委甲": ("liaison", "")}
    people |= {f"{word}经办人甲": ("handler", unit) for unit, word in short.items()}
    people["税务负责人甲"] = ("unit_head", TAX)
    session = {"term": 14, "ordinal": 1, "opens_on": "2023-01-13", "closes_on": "2023-01-19"}
    return cast_of(teller, "43", session, dict.fromkeys(short, ""), ("代表甲", "代表乙", "代表丙"), people)


Role = tuple[str, str]  # a role, and the name of the unit at which somebody has it


def cast_of(
    teller: Teller, congress: str, session: dict[str, Any], units: dict[str, str], deputies: Iterable[str], people: dict[str, Role]
) -> Cast:  # fmt: skip
    """Register a session, units (each with the name of the one above it), deputies and accounts; go on when all know them."""
    system = teller.operator

    def register(path: str, **data: Any) -> str:
        id = system.command(path, **data)["id"]
        teller.await_consumers(system.traceparent)
        return str(id)

    cast = Cast()
    register("/sessions", congress=congress, **session)
    for name, above in units.items():
        cast.units[name] = register(
            "/units", congress=congress, name=name, kind="government", parent=cast.units.get(above, "")
        )
    for name in deputies:
        cast.seats[name] = register("/deputies", congress=congress, name=name)
    roles = {name: {"role": "deputy", "seat": seat} for name, seat in cast.seats.items()}
    roles |= {
        name: {"role": role, **({"unit": cast.units[unit]} if unit else {})}
        for name, (role, unit) in people.items()
    }
    for number, (name, role) in enumerate(roles.items()):
        login = f"walker-{number}"
        client = Client.of_new_account(system, login, name, PASSWORD, {"congress": congress, **role})
        cast.people[name] = Person(name, client, teller)
    return cast


class Case:
    """The steps, in order. Each is done by the person whose step it is."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.id = ""
        self.tasks: dict[str, str] = {}

    def tell(self) -> None:
        self._gather()
        self._review()
        self._assign()
        self._handle()
        self._reply(
            1,
            date(2023, 5, 15),
            "B",
            "联合运维中心已挂牌运行，三部门技术人员集中办公，统一受理、限时办结的机制正在试行，年内形成制度。",
        )
        self._judge_unhappily()
        self._reply(
            2,
            date(2023, 6, 20),
            "A",
            "针对代表提出的数据核对问题，三部门已建立每日对账和限时销号机制，积压问题全部处理完毕，制度已印发执行。",
        )
        self._end()

    def _gather(self) -> None:
        lead, day = self.cast["代表甲"], date(2023, 1, 14)
        self.id = lead.does(day, "起草建议", "intake", "/suggestions", congress="43", **TEXT)["id"]
        others = [self.cast.seats["代表乙"], self.cast.seats["代表丙"]]
        lead.does(day, "邀请代表乙、代表丙附议", "intake", self._at("invite"), deputies=others)
        self.cast["代表乙"].does(day, "同意附议", "intake", self._at("cosign"), hour=14)
        self.cast["代表丙"].does(day, "同意附议", "intake", self._at("cosign"), hour=15)
        lead.does(date(2023, 1, 15), "提交建议", "intake", self._at("submit"))

    def _review(self) -> None:
        office = self.cast["联工委甲"]
        answer = office.does(date(2023, 1, 30), "受理立案", "intake", self._at("accept"))
        assert answer["number"], answer
        office.does(
            date(2023, 2, 10), "确定为重点处理建议", "intake", self._at("key"), theme="优化金融财税支持政策",
            leading_supervisor="省人大常委会副主任甲", sponsor="副省长甲", committee="财政经济委员会", decided_on="2023-02-10",
        )  # fmt: skip

    def _assign(self) -> None:
        office, units, day = self.cast["联工委甲"], self.cast.units, date(2023, 2, 20)
        name = "省十四届人大一次会议代表建议交办会"
        batch = office.does(
            date(2023, 2, 15),
            "拟定交办批次",
            "assignment",
            "/batches",
            congress="43",
            name=name,
            meeting_on="2023-02-20",
        )["id"]
        joint = [units[HR], units[MEDICAL], units[FINANCE]]
        office.does(
            date(2023, 2, 16),
            "列入批次：税务主办，人社、医保、财政会办",
            "assignment",
            f"/batches/{batch}/put",
            suggestion=self.id,
            lead=units[TAX],
            joint=joint,
        )
        office.does(day, "集中交办", "assignment", f"/batches/{batch}/issue", hour=15)
        handling = office.sees(self._at("handling"))
        self.tasks = {task["unit"]["name"]: task["id"] for task in handling["tasks"]}
        self.cast["税务经办人甲"].does(
            date(2023, 2, 21), "签收", "assignment", self._at("sign-for"), task=self.tasks[TAX]
        )
        self.cast["人社经办人甲"].does(
            date(2023, 2, 22), "签收", "assignment", self._at("sign-for"), task=self.tasks[HR]
        )
        self.cast["医保经办人甲"].does(
            date(2023, 2, 22), "签收", "assignment", self._at("sign-for"), task=self.tasks[MEDICAL]
        )
        self.cast["财政经办人甲"].does(
            date(2023, 2, 24),
            "申请退办",
            "assignment",
            self._at("ask-return"),
            task=self.tasks[FINANCE],
            reason="系统运维不涉及财政部门职责。",
        )
        office.does(
            date(2023, 2, 27), "裁定：同意财政退办", "assignment", self._at("adjudicate"), task=self.tasks[FINANCE], approve=True,
            reason="情况属实，运维经费由现有渠道解决，同意退办。",
        )  # fmt: skip

    def _handle(self) -> None:
        tax, seats = self.cast["税务经办人甲"], list(self.cast.seats.values())
        tax.does(
            date(2023, 3, 1), "制定三定方案", "assignment", self._at("plan"), task=self.tasks[TAX], handler="税务经办人甲", phone="0731-00000000",
            plan="会同人社、医保成立联合运维工作专班，三月调研，四月定机制，五月集中办公。", reply_by="2023-05-16",
        )  # fmt: skip
        contacts = (
            (date(2023, 3, 2), "before", "phone", "办前电话拜访，了解代表意图。"),
            (date(2023, 3, 22), "during", "visit", "办中上门走访，商定联合运维中心的职责。"),
            (date(2023, 5, 14), "after", "phone", "办后回访，通报拟答复内容。"),
        )
        for on, phase, method, notes in contacts:
            if phase == "during":
                self._opinions()
            if phase == "after":
                self._supervise()
            tax.does(
                on,
                notes,
                "assignment",
                self._at("contacts"),
                task=self.tasks[TAX],
                phase=phase,
                method=method,
                on=on.isoformat(),
                deputies=seats,
                notes=notes,
            )

    def _opinions(self) -> None:
        for who, unit in (("人社经办人甲", HR), ("医保经办人甲", MEDICAL)):
            self.cast[who].does(
                date(2023, 3, 17), "提出会办意见", "assignment", self._at("opinion"), task=self.tasks[unit],
                text="同意建立联合运维工作机制，派技术人员进驻联合运维中心，配合统一受理和数据核对。",
            )  # fmt: skip

    def _supervise(self) -> None:
        self.cast["联工委甲"].does(
            date(2023, 5, 12), "登记常委会副主任现场督办", "supervision", self._at("supervisions"), on="2023-05-12", method="on_site",
            place="省税务局、省人社厅", led_by="省人大常委会副主任甲", participants="省人大常委会秘书长甲",
            findings="查数据、问运行、接听热线、座谈交流。各部门运维团队已进驻联合运维中心集中办公，要求从合署到合心合力。",
        )  # fmt: skip

    def _reply(self, round: int, on: date, reply_class: str, text: str) -> None:
        tax, head, task = self.cast["税务经办人甲"], self.cast["税务负责人甲"], self.tasks[TAX]
        promises = (
            [{"text": "年内印发三部门联合运维工作制度", "due_on": "2023-12-31"}] if reply_class == "B" else []
        )
        tax.does(
            on, f"起草{'再次' if round > 1 else ''}答复（{reply_class}类）", "assignment", self._at("reply/draft"), task=task, text=text,
            reply_class=reply_class, publicity="public", contact="税务经办人甲", phone="0731-00000000", commitments=promises,
        )  # fmt: skip
        head.does(on, "审核答复", "assignment", self._at("reply/approve"), hour=14, task=task)
        tax.does(
            on,
            "印发答复，送达三位代表",
            "assignment",
            self._at("reply/issue"),
            hour=16,
            task=task,
            document_number=f"湘税建〔2023〕{11 + round}号",
        )

    def _judge_unhappily(self) -> None:
        reply = self._newest_reply()
        self._judge(date(2023, 5, 18), reply, "代表乙", "satisfied", "satisfied")
        self._judge(date(2023, 5, 18), reply, "代表丙", "satisfied", "basically")
        self._judge(
            date(2023, 5, 19), reply, "代表甲", "satisfied", "unsatisfied", "数据核对积压的问题还没有解决。"
        )
        self.cast["联工委甲"].does(
            date(2023, 5, 22),
            "责成再次办理",
            "evaluation",
            self._at("rehandle"),
            reply=reply,
            reason="代表对结果不满意，请就数据核对问题再次办理，一个月内再次答复。",
        )

    def _end(self) -> None:
        reply = self._newest_reply()
        for name in ("代表甲", "代表乙", "代表丙"):
            self._judge(date(2023, 6, 25), reply, name, "satisfied", "satisfied")
        office = self.cast["联工委甲"]
        commitment = next(c for c in office.sees("/commitments", congress="43") if c["suggestion"] == self.id)
        self.cast["税务经办人甲"].does(
            date(2023, 6, 30),
            "报告承诺事项完成",
            "supervision",
            f"/commitments/{commitment['id']}/keep",
            evidence="三部门联合运维工作制度已印发执行。",
            kept_on="2023-06-30",
        )
        office.does(
            date(2023, 7, 1), "核实后确认销号", "supervision", f"/commitments/{commitment['id']}/confirm"
        )
        office.does(date(2023, 7, 3), "办结", "evaluation", self._at("close"))
        office.does(date(2023, 7, 5), "公开建议、答复和代表评价", "evaluation", self._at("publish"))
        office.does(
            date(2023, 12, 20),
            "年终评分",
            "evaluation",
            "/scores",
            congress="43",
            unit=self.cast.units[TAX],
            year=2023,
        )

    def conclude(self, console: Console, settings: Settings) -> None:
        """Found by search; the ledger line, the unit's figures and the public page's address."""
        office = self.cast["联工委甲"]
        found: list[Any] = []

        def is_found() -> bool:
            found[:] = office.sees("/search", text="社保费 联合运维")["hits"]
            return any(hit["id"] == self.id for hit in found)

        _until(is_found)
        console.print(f"\n检索“社保费 联合运维”：{len(found)} 件，其中有本件。")
        line = office.sees(f"/ledger/{self.id}")["line"]
        console.print(
            f"台账：{line['number']} 《{line['title']}》 主办 {line['lead_unit']} 进度 {line['state_label']} "
            f"交办 {line['assigned_on']} 答复期限 {line['reply_due_on']} 答复 {line['replied_on']} 结果 {line['reply_class']}类",
            soft_wrap=True,
        )
        for figure in office.sees("/figures", congress="43", year=2023, by_unit=True):
            if figure["owner"]["name"] == TAX:
                console.print(f"指标：{TAX} {figure['label']} {figure['numerator']}/{figure['denominator']}")
        public = f"http://{settings.host}:{settings.port}/public/{self.id}"
        page = urllib3.request("GET", public, timeout=20, retries=False)
        if page.status != 200 or TITLE not in page.data.decode():
            raise Problem(f"公开页面打不开：{public} 回答 {page.status}")
        console.print(f"公开页面：{public}")

    def _judge(self, on: date, reply: str, who: str, process: str, result: str, comment: str = "") -> None:
        words = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}
        self.cast[who].does(
            on, f"评价：过程{words[process]}，结果{words[result]}", "evaluation", self._at("feedback"), reply=reply, process=process,
            result=result, result_comment=comment,
        )  # fmt: skip

    def _newest_reply(self) -> str:
        return str(self.cast["联工委甲"].sees(self._at("handling"))["replies"][-1]["reply"])

    def _at(self, step: str) -> str:
        return f"/suggestions/{self.id}/{step}"


def _until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for a condition that events bring about."""
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            raise Problem(f"等了 {seconds:.0f} 秒仍未出现应有的结果。")
        time.sleep(0.05)
