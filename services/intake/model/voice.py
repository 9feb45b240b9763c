"""What a voter said (选民意见): answered on the spot, passed on at its level, or used in a suggestion; the voter hears what came of it.

Source: 收集意见、诉求 (Liuyang 2022); 普遍性的问题才转化为建议，一般问题通过智慧人大、12345交有关部门办理 (Yiyang 2023).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.intake.model.parts import Person, Step
from services.intake.model.station import Seat, Station, named_station
from services.intake.model.suggestion import Suggestion
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules
from shared.terms import TOLD_BY, UNREACHED, VOTER_JUDGEMENTS

VOICE_STATES = {
    "new": "尚未登记", "recorded": "待处理", "passed_on": "已转交", "answered": "已答复，待回告", "used": "已写入建议",
    "concluded": "建议有了结果，待回告", "closed": "已办结",
}  # fmt: skip
OFFICES = ("liaison", "station")
OPEN = ("recorded", "passed_on")

VOICE_RULES = Rules(
    "条选民意见",
    VOICE_STATES,
    [
        Rule("hand_in_voice", "报入意见", ("integrator",), ("new",)),
        Rule("answer_voice", "答复意见", (*OFFICES, "own_deputy"), OPEN),
        Rule("use_voice", "写入建议", ("own_deputy",), OPEN),
        Rule("give_voice", "交给代表", OFFICES, OPEN),
        Rule("pass_on_voice", "转交办理", OFFICES, OPEN),
        Rule("tell_voter", "回告选民", OFFICES, ("passed_on", "answered", "used", "concluded")),
    ],
)


@dataclass
class Voter:
    """Who said it, as far as it was said. Only the station and the congress's office read this."""

    name: str = ""
    phone: str = ""
    address: str = ""

    @property
    def is_reachable(self) -> bool:
        return bool(self.phone or self.address)


@dataclass
class Sender:
    """The other system that handed it in: its account, what it calls itself, and the reference under which it knows it."""

    account: str
    system: str
    reference: str


@dataclass
class Telling:
    """That the voter was told what became of it, and what the voter said to that, of `shared.terms.VOTER_JUDGEMENTS`."""

    on: date
    how: str
    words: str
    by: str
    judgement: str = ""  # empty: the voter was not asked, or did not say
    opinion: str = ""  # in the voter's words


@dataclass
class Grown:
    """The suggestion that it went into, as far as others than its deputies may know of it."""

    id: str
    title: str = ""  # from the submission on: a draft is its deputies' alone
    number: str = ""
    state: str = ""
    reply_class: str = ""


@dataclass(kw_only=True)
class Voice(Governed):
    """One opinion, what was done with it, and what the voter was told."""

    rules: ClassVar[Rules] = VOICE_RULES

    state: str = "recorded"
    words: str
    category: str = ""
    on: date
    station: Person | None = None  # none for what was handed in and not given to a station yet
    deputy: Seat | None = None
    voter: Voter = field(default_factory=Voter)
    sender: Sender | None = None
    answer: str = ""
    passed_to: str = ""
    suggestion: Grown | None = None
    tellings: list[Telling] = field(default_factory=list)
    history: list[Step] = field(default_factory=list)

    def relations(self, actor: Actor) -> frozenset[str]:
        """`station` is whoever keeps a station of this congress: that it is this one is for the handler to see to."""
        found = {"liaison"} if actor.has("liaison", self.congress) else set[str]()
        if self.station and actor.has("station", self.congress):
            found.add("station")
        if self.deputy and self.deputy.id in actor.seats:
            found.add("own_deputy")
        return frozenset(found)

    def called(self) -> str:
        return f"意见“{self.words[:20]}”"

    # --- how it comes in ----------------------------------------------------------------------------------------

    @classmethod
    def record_at(
        cls, station: Station, deputy: Seat | None, voter: Voter, answer: str, judgement: str, by: Actor, now: datetime, **said: Any
    ) -> Voice:  # fmt: skip
        """A voter said it at the station; what is answered at once is at its end."""
        if said["on"] > legal_date(now):
            raise Invalid("日期还没有到。", {"on": ["请填写今天或以前的日期。"]})
        if judgement and not answer:
            raise Invalid(
                "还没有当场答复。",
                {"judgement": ["当场答复了的，才能填选民的评价；以后答复的，回告时再填。"]},
            )
        voice = cls(id=new_id(), congress=station.congress, station=named_station(station), deputy=deputy, voter=voter, **said)  # fmt: skip
        voice._tell("voice.recorded", "登记", by, now)
        if answer:
            voice.answer, voice.state = answer, "closed"
            voice.tellings.append(Telling(said["on"], "spot", answer, by.name, judgement))
            voice._tell("voice.answered", "当场答复", by, now, answer)
            if judgement:
                voice._tell(
                    "voice.told", f"选民评价：{VOTER_JUDGEMENTS[judgement]}", by, now, judgement=judgement
                )
        return voice

    @classmethod
    def hand_in(cls, congress: str, sender: Sender, station: Station | None, voter: Voter, by: Actor, now: datetime, **said: Any) -> Voice:  # fmt: skip
        """Another system hands it in, under a reference of its own."""
        voice = cls(
            id=new_id(), congress=congress, station=named_station(station) if station else None, voter=voter, sender=sender, **said
        )  # fmt: skip
        voice._tell("voice.recorded", f"{sender.system}报入", by, now, sender.reference)
        return voice

    # --- what becomes of it -------------------------------------------------------------------------------------

    def answer_with(self, answer: str, by: Actor, now: datetime) -> None:
        """It is answered; who can be reached is still to be told, who cannot be has heard all there is."""
        self.answer = answer
        self.state = "answered" if self.voter.is_reachable else "closed"
        self._tell("voice.answered", "答复意见", by, now, answer)

    def pass_on(self, to: str, note: str, by: Actor, now: datetime) -> None:
        """A matter of another body of this level (善于转化: not everything becomes a suggestion)."""
        self.state, self.passed_to = "passed_on", to
        self._tell("voice.forwarded", f"转交{to}", by, now, note, to=to)

    def give(self, station: Station, deputy: Seat | None, by: Actor, now: datetime) -> None:
        """To a station, and to a deputy of it who may make a suggestion of it."""
        if station.congress != self.congress:
            raise Invalid("只能交给本级的联络站。", {"station": ["请从本级的联络站中选择。"]})
        self.station, self.deputy = named_station(station), deputy
        self._tell("voice.given", f"交给{deputy.name if deputy else station.name}", by, now)

    def use_in(self, suggestion: Suggestion, by: Actor, now: datetime) -> None:
        """It becomes material of the deputy's own draft."""
        self.state, self.suggestion = "used", Grown(suggestion.id)
        self._tell("voice.used", "写入建议", by, now)

    def follow(self, suggestion: Suggestion, reply_class: str, by: Actor, now: datetime) -> None:
        """Something became of the suggestion: others hear of it from the submission on; its end is to be told the voter."""
        if suggestion.state == "discarded":
            self.state, self.suggestion = "recorded", None
            self._tell("voice.released", "草稿已删除", by, now)
            return
        if not suggestion.submitted_on:
            return
        state = "已办结" if suggestion.closed_on else suggestion.rules.states[suggestion.state]
        self.suggestion = Grown(suggestion.id, suggestion.title, suggestion.number, state, reply_class)
        if self.state == "concluded" and not suggestion.closed_on and suggestion.state != "lettered":
            self.state = "used"
            self._tell("voice.used", "建议重新办理", by, now)
        if self.state == "used" and (suggestion.closed_on or suggestion.state == "lettered"):
            self.state = "concluded" if self.voter.is_reachable else "closed"
            self._tell(
                "voice.concluded", f"建议{state}", by, now, number=suggestion.number, reply_class=reply_class
            )

    def go_on_with(self, suggestion: Suggestion, other: Suggestion, by: Actor, now: datetime) -> None:
        """The suggestion was merged (并案) or split (分案): it is another one now that brings the answer."""
        state = other.rules.states[other.state]
        self.suggestion = Grown(other.id, other.title, other.number, state)
        self._tell(
            "voice.used", f"建议{suggestion.rules.states[suggestion.state]}，随{other.called()}办理", by, now
        )

    def tell_voter(
        self, on: date, how: str, words: str, by: Actor, now: datetime, judgement: str = "", opinion: str = ""
    ) -> None:
        """The voter is told (回告): of the end, or meanwhile where it stands. Who was not reached is still to be told."""
        if on > legal_date(now) or on < self.on:
            raise Invalid("回告日期不对。", {"on": [f"应当在{self.on}到今天之间。"]})
        if opinion and judgement in ("", UNREACHED):
            raise Invalid(
                "没有选民的评价。", {"judgement": ["写了选民怎么说的，请选满意、基本满意或者不满意。"]}
            )
        self.tellings.append(Telling(on, how, words, by.name, judgement, opinion))
        if judgement != UNREACHED and self.state in ("answered", "concluded"):
            self.state = "closed"
        said = (
            f"，{'' if judgement == UNREACHED else '选民评价：'}{VOTER_JUDGEMENTS[judgement]}"
            if judgement
            else ""
        )
        self._tell("voice.told", f"回告选民（{TOLD_BY[how]}）{said}", by, now, words, judgement=judgement)

    @property
    def judged(self) -> tuple[int, str]:
        """(the year in which the voter was told last, what the voter said of it): a later word takes the place of an earlier."""
        said = [telling for telling in self.tellings if telling.judgement not in ("", UNREACHED)]
        last = (said or self.tellings)[-1:]
        return (last[0].on.year, last[0].judgement) if last else (0, "")

    def _tell(self, name: str, what: str, by: Actor, now: datetime, reason: str = "", **more: Any) -> None:
        """Events say where it stands; never who the voter is, nor in which draft it is used."""
        self.history.append(Step(now, by.name, what, reason))
        self.record(
            name, now, by, station=_named(self.station), deputy=_named(self.deputy), on=self.on.isoformat(), category=self.category,
            state=self.state, system=self.sender.system if self.sender else "", reference=self.sender.reference if self.sender else "", **more,
        )  # fmt: skip


def _named(one: Person | Seat | None) -> dict[str, str] | None:
    return {"id": one.id, "name": one.name} if one else None
