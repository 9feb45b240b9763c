"""People are told what concerns them: on the screen, by mail, on the phone; each thing once, and nothing that is not theirs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from mailbox import MailServer, SmsGateway
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from harness import PROVINCE

from services.gateway import hooks, tables
from services.gateway.hooks import Told
from services.gateway.messages import channels
from services.gateway.messages.post import DELAYS, LEASE_SECONDS, Post
from shared.copies import Copies
from shared.groups import GROUPS
from shared.hooks import Hooks
from shared.identity import SYSTEM
from shared.plugins import Plugin, collect, hookimpl
from shared.practices import laid_down
from shared.problems import Invalid

TITLE = "关于建立联合运维工作机制的建议"
TASK = "0190a1b2-0000-7000-8000-0000000000d1"


@pytest.fixture
def office(web, monkeypatch):
    """The network with a unit's clerk (login clerk) and head (head), a mail server and a gateway for short messages."""
    unit = web.network.do(SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省税务局")["id"]
    web.add_account("clerk", "经办人甲", {"role": "handler", "congress": PROVINCE, "unit": unit})
    web.add_account("head", "负责人甲", {"role": "unit_head", "congress": PROVINCE, "unit": unit})
    web.network.on(date(2023, 2, 20), 10)
    office = Office(web, {"id": unit, "name": "省税务局"})
    settings = replace(
        web.network.settings, smtp_url=office.mail.url, mail_from="jianyi@example.cn", sms_url=office.sms.url, sms_key="our-key",
        public_url="https://jianyi.example.cn",
    )  # fmt: skip
    monkeypatch.setattr(web.runtime, "settings", settings)
    office.post = Post(web.runtime)
    yield office
    office.mail.close()
    office.sms.close()


class Office:
    def __init__(self, web, unit):
        self.unit = unit
        self.web, self.mail, self.sms = web, MailServer(), SmsGateway()
        self.seat = next(r["seat"] for r in self.roles("deputy"))
        self.deputy = {"id": self.seat, "name": "代表甲"}

    def roles(self, login):
        told = self.web.network.published("directory", self.web.accounts[login])
        return [event for event in told if event["type"] == "account.changed.v1"][-1]["data"]["roles"]

    def submitted(self, draft):
        """A suggestion of the deputy that was accepted."""
        program = self.web.program("deputy")
        id = program.post("/api/suggestions", json=draft).json["id"]
        program.post(f"/api/suggestions/{id}/submit", json={})
        self.web.program("liaison").post(f"/api/suggestions/{id}/accept", json={})
        self.web.network.settle()
        return id

    def happens(self, type, id, sequence=1, by=SYSTEM, /, **data):
        self.web.network.tell(type, id, PROVINCE, sequence, **{"by": by.as_by(), **data})

    def assigned(self, id, sequence=1):
        tasks = [{"task": TASK, "unit": self.unit, "role": "lead", "assigned_on": "2023-02-20"}]
        self.happens(
            "suggestion.assigned.v1", id, sequence, title=TITLE, number="第1号", category="社会保障", assigned_on="2023-02-20", batch="",
            deputies=[self.deputy], tasks=tasks,
        )  # fmt: skip

    def told(self, login, **params):
        answer = self.web.program(login).get("/api/my/messages", query_string=params)
        assert answer.status_code == 200, answer.text
        return answer.json

    def texts(self, login):
        return [message["text"] for message in self.told(login)["messages"]]

    def wants(self, login, **where):
        answer = self.web.program(login).post("/api/my/channels", json=where)
        assert answer.status_code == 200, answer.text

    def hand_over(self):
        for name in self.post.channels:
            self.post.hand_over_due(name)

    def state_of(self, login):
        """Of the newest message: {channel: state}."""
        return {d["channel"]: d["state"] for d in self.told(login)["messages"][0]["deliveries"]}

    def at(self, hour, day=20):
        self.web.network.on(date(2023, 2, day), hour)


# --- who is told what -------------------------------------------------------------------------------------------------


def test_a_duty_of_the_year_is_told_to_those_it_concerns_at_the_congress(office):
    said = {
        "year": 2023,
        "entry": "visits",
        "what": "代表走访月",
        "since": "2023-03-01",
        "until": "2023-03-31",
    }
    office.happens("year.reminded.v1", TASK, who=["deputy", "liaison"], **said)
    assert (
        office.texts("deputy")
        == office.texts("liaison")
        == ["年度日历：代表走访月，2023-03-01开始，请做好准备。"]
    )
    assert office.texts("clerk") == []


def test_who_holds_the_post_is_told_of_the_list_to_pick_from_and_nobody_else(office):
    for login in ("leader", "other"):
        office.web.add_account(login, "副省长", {"role": "government_leader", "congress": PROVINCE})
    said = {
        "office": TASK,
        "leader": "副省长甲",
        "suggestions": [TASK, TASK],
        "pick_by": "2023-03-15",
        "why": "",
    }
    office.happens("picklist.offered.v1", TASK, **said, holders=[office.web.accounts["leader"]])
    assert office.texts("leader") == ["请从 2 件推荐件中选定领办件，2023-03-15以前选定。"]
    assert office.texts("other") == office.texts("liaison") == []


def test_a_unit_that_is_asked_in_advance_is_told_until_when(office, draft):
    id = office.submitted(draft)
    office.happens("unit.consulted.v1", id, unit=office.unit, asked_on="2023-02-20", answer_by="2023-02-24")
    assert office.texts("clerk") == [f"《{TITLE}》拟交省税务局承办，请在2023-02-24以前答复是否承办。"]


def test_a_deputy_follows_the_suggestion(office, draft):
    id = office.submitted(draft)
    office.assigned(id)
    accepted, handed_on = reversed(office.texts("deputy"))
    assert re.fullmatch(f"《{TITLE}》已经立案，编号为.+。", accepted)
    assert handed_on == f"《{TITLE}》已经交办，由省税务局办理。"
    assert office.texts("liaison") == []


def test_all_at_the_unit_are_told_of_a_task_once_however_often_it_is_listed(office, draft):
    id = office.submitted(draft)
    office.assigned(id)
    office.assigned(id, 2)
    for login in ("clerk", "head"):
        assert office.texts(login) == [f"《{TITLE}》已经交办给省税务局（主办），请签收。"]


def test_nobody_is_told_what_he_did_himself(office, draft):
    id = office.submitted(draft)
    clerk = {"account": office.web.accounts["clerk"], "name": "经办人甲"}
    task = {"task": TASK, "unit": office.unit, "role": "lead"}
    office.web.network.tell("return.refused.v1", id, PROVINCE, 1, by=clerk, reason="属于你局职责。", **task)
    assert office.texts("clerk") == []
    assert office.texts("head") == [f"《{TITLE}》没有同意退办，请省税务局继续办理。理由：属于你局职责。"]


def test_a_reminder_goes_to_whoever_is_late(office, draft):
    id = office.submitted(draft)
    about = {"deadline": TASK, "due_on": "2023-05-22", "days_left": 7}
    office.happens(
        "reminder.sent.v1",
        id,
        1,
        kind="reply",
        unit=office.unit,
        deputy=None,
        text="答复还有7天到期。",
        **about,
    )
    office.happens(
        "feedback.awaited.v1",
        id,
        2,
        kind="feedback",
        unit=None,
        deputy=office.deputy,
        text="请评价。",
        **about,
    )
    assert office.texts("clerk") == [f"《{TITLE}》：答复还有7天到期。"]
    assert office.texts("deputy")[0] == f"《{TITLE}》：请评价。"


def test_that_a_promise_stands_no_more_is_told_to_whom_it_was_made_and_who_made_it(office, draft):
    id = office.submitted(draft)
    office.happens(
        "commitment.withdrawn.v1", id, 1, commitment=TASK, unit=office.unit, reason="以再次答复为准。"
    )
    told = f"省税务局在《{TITLE}》答复中的一项承诺已经撤销。理由：以再次答复为准。"
    assert office.texts("deputy")[0] == office.texts("clerk")[0] == told


def test_a_unit_learns_that_it_has_to_begin_again_and_not_who_was_not_content(office, draft):
    id = office.submitted(draft)
    reply = {"reply": TASK, "task": TASK, "unit": office.unit, "round": 1}
    office.happens(
        "feedback.given.v1", id, 1, deputy=office.deputy, process="satisfied", result="unsatisfied", process_comment="",
        result_comment="答非所问", given_on="2023-05-20", complete=True, **reply,
    )  # fmt: skip
    office.happens(
        "rehandling.ordered.v1", id, 2, reason="代表甲认为答非所问", ordered_on="2023-05-26", **reply
    )
    assert office.texts("clerk") == [f"《{TITLE}》需要再次办理，请省税务局重新答复。"]
    assert not any(
        "答非所问" in text for login in ("clerk", "head", "liaison", "deputy") for text in office.texts(login)
    )


def test_who_leaves_a_unit_does_not_find_its_messages_any_more(office, draft):
    office.wants("clerk", mail="clerk@example.cn")
    office.assigned(office.submitted(draft))
    elsewhere = office.web.network.do(
        SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省医保局"
    )["id"]
    roles = [{"role": "handler", "congress": PROVINCE, "unit": elsewhere}]
    account = office.web.accounts["clerk"]
    office.web.network.do(SYSTEM, "directory", "change_roles", account, roles=roles)
    assert office.told("clerk") == {"messages": [], "unread": 0, "more": False}
    office.hand_over()
    assert office.mail.letters == []


def test_what_comes_before_the_title_is_called_by_it_later(office, draft):
    network, id = office.web.network, "0190a1b2-0000-7000-8000-0000000000b9"
    office.happens(
        "commitment.kept.v1",
        id,
        1,
        commitment=TASK,
        unit=office.unit,
        evidence="",
        kept_on="2023-05-12",
        late=False,
    )
    assert office.texts("deputy") == []  # whose it is, nobody has said
    network.tell("extension.granted.v1", id, PROVINCE, 1, task=TASK, unit=office.unit, role="lead", reason="")
    assert office.texts("clerk") == ["一件建议同意延期答复。"]
    office.assigned(id, 2)
    assert f"《{TITLE}》同意延期答复。" in office.texts("clerk")


class SignedFor(Plugin):
    """The deputy hears when a unit has signed for the suggestion."""

    name, label, source = "signed_for", "签收告知", "浏阳市"
    summary = "承办单位签收后告诉代表。"

    @hookimpl
    def messages(self, type, data):
        if type == "task.signed.v1":
            return [Told("deputies", f"{data['unit']['name']}已经签收。"), Told("nobody", "没有这样的人。")]
        return []


def test_a_local_practice_tells_more(office, draft, monkeypatch):
    runtime = office.web.runtime
    found = collect([("test", lambda: SignedFor)])
    monkeypatch.setattr(runtime, "plugins", found)
    monkeypatch.setattr(runtime, "hooks", Hooks(hooks, found, lambda *what: None))
    id = office.submitted(draft)
    signed = {"task": TASK, "unit": office.unit, "role": "lead", "signed_on": "2023-02-22"}
    office.happens("task.signed.v1", id, 1, **signed)
    assert len(office.texts("deputy")) == 1  # it is on nowhere
    switched_on = {
        "name": "signed_for", "place": PROVINCE, "congress": PROVINCE, "unit": "",
        "versions": [{"on": True, "settings": {}, "effective_on": "2023-02-20", "ended": False}],
    }  # fmt: skip
    monkeypatch.setattr(Copies, "practices_of", lambda copies, congresses: laid_down([switched_on]))
    office.happens("task.signed.v1", id, 2, **signed)
    assert office.texts("deputy")[0] == f"《{TITLE}》：省税务局已经签收。"
    assert len(office.texts("deputy")) == 2


def test_what_began_before_a_practice_goes_on_without_it_until_it_is_told_to_go_on_by_it(office, draft, monkeypatch):  # fmt: skip
    runtime = office.web.runtime
    found = collect([("test", lambda: SignedFor)])
    monkeypatch.setattr(runtime, "plugins", found)
    monkeypatch.setattr(runtime, "hooks", Hooks(hooks, found, lambda *what: None))
    later = {
        "name": "signed_for", "place": PROVINCE, "congress": PROVINCE, "unit": "",
        "versions": [{"on": True, "settings": {}, "effective_on": "2023-02-22", "ended": False}],
    }  # fmt: skip
    monkeypatch.setattr(Copies, "practices_of", lambda copies, congresses: laid_down([later]))
    id = office.submitted(draft)
    office.assigned(id)
    office.at(10, day=23)
    signed = {"task": TASK, "unit": office.unit, "role": "lead", "signed_on": "2023-02-23"}
    office.happens("task.signed.v1", id, 2, **signed)
    assert not any("已经签收" in text for text in office.texts("deputy")), "it began on the 20th"
    office.happens("practices.renewed.v1", id, 3, held_on="2023-02-23", reason="按新的办法办理。")
    office.happens("task.signed.v1", id, 4, **signed)
    assert office.texts("deputy")[0] == f"《{TITLE}》：省税务局已经签收。"


def test_a_network_that_is_older_finds_out_who_is_to_be_told(office, draft):
    id = office.submitted(draft)
    with office.web.runtime.database.writing() as connection:
        connection.execute(sa.delete(tables.recipients))
    office.assigned(id)
    assert office.texts("clerk") == []
    office.web.network.rebuild("gateway", "addressees")
    office.happens("return.refused.v1", id, 1, task=TASK, unit=office.unit, role="lead", reason="")
    assert office.texts("clerk") == [f"《{TITLE}》没有同意退办，请省税务局继续办理。"]


# --- on the screen ----------------------------------------------------------------------------------------------------


def test_the_bell_counts_what_was_not_read(office, draft):
    office.assigned(office.submitted(draft))
    browser = signed_in(office.web, "deputy")
    assert re.search(r"消息\s*<span[^>]*>2<", browser.get("/work").text)
    page = browser.get("/messages").text
    link = re.search(r'href="(/messages/[^"]+/[^"]+)"', page)[1]
    assert browser.get(link).headers["Location"].startswith("/suggestions/")
    assert office.told("deputy")["unread"] == 1
    post(browser, "/messages/read", on="/messages")
    assert office.told("deputy", unread=True)["messages"] == []
    assert "没有未读的消息" in browser.get("/messages?unread=yes").text


def test_older_ones_follow(office, draft):
    office.assigned(office.submitted(draft))
    newest = office.told("deputy", limit=1)
    assert newest["more"]
    (older,) = office.told("deputy", limit=1, before=newest["messages"][0]["id"])["messages"]
    assert older["kind"] == "accepted"


def test_an_address_is_checked_and_kept(office):
    browser = signed_in(office.web, "deputy")
    wrong = post(browser, "/messages/channels", on="/messages", mail="nobody", phone="123")
    assert (wrong.status_code, "邮箱应当像" in wrong.text, "手机号应当是" in wrong.text) == (422, True, True)
    assert 'value="nobody"' in wrong.text
    right = post(
        browser, "/messages/channels", on="/messages", mail="a@example.cn", phone="13800000000", daily="true"
    )
    assert right.status_code == 303
    kept = office.web.program("deputy").get("/api/my/channels").json
    assert kept == {
        "mail": "a@example.cn",
        "phone": "13800000000",
        "daily": True,
        "available": ["mail", "sms"],
    }


# --- on its way -------------------------------------------------------------------------------------------------------


def test_it_leaves_by_mail_and_to_the_phone_once(office, draft):
    office.wants("clerk", mail="clerk@example.cn", phone="13800000000")
    office.assigned(office.submitted(draft))
    office.hand_over()
    office.hand_over()
    (letter,) = office.mail.letters
    assert letter["To"] == "clerk@example.cn" and letter["Subject"] == "代表建议：交办（单位）"
    assert f"《{TITLE}》已经交办给省税务局（主办），请签收。" in letter.get_content()
    assert "https://jianyi.example.cn/messages" in letter.get_content()
    assert office.sms.texts() == [f"《{TITLE}》已经交办给省税务局（主办），请签收。"]
    assert office.sms.keys == {"Bearer our-key"}
    assert office.state_of("clerk") == {"mail": "sent", "sms": "sent"}
    assert office.state_of("head") == {}


def test_two_gateways_send_it_once(office, draft):
    office.wants("clerk", mail="clerk@example.cn")
    office.assigned(office.submitted(draft))
    other = Post(office.web.runtime)
    taken = office.post._take("mail")
    assert other._take("mail") == []
    for parcel in office.post._packed("mail", taken):
        office.post._hand_over(office.post.channels["mail"], parcel)
    assert len(office.mail.letters) == 1


def test_nobody_is_rung_up_at_night(office, draft):
    office.wants("clerk", mail="clerk@example.cn", phone="13800000000")
    id = office.submitted(draft)
    office.at(22)
    office.assigned(id)
    office.at(7, day=21)
    office.hand_over()
    assert office.sms.taken == {} and office.state_of("clerk") == {"mail": "waiting", "sms": "waiting"}
    office.at(8, day=21)
    office.hand_over()
    assert len(office.sms.taken) == len(office.mail.letters) == 1


def test_what_fails_in_the_evening_or_was_left_lying_wakes_nobody_either(office, draft):
    office.wants("clerk", mail="clerk@example.cn", phone="13800000000")
    office.mail.answers = ["451 later"]
    id = office.submitted(draft)
    office.web.network.on(date(2023, 2, 20), 20)
    office.assigned(id)
    office.post.hand_over_due("mail")
    office.at(23)  # the second try of the mail is due, and the short message that nobody has handed over
    office.hand_over()
    assert office.state_of("clerk") == {"mail": "waiting", "sms": "waiting"} and office.sms.taken == {}
    office.at(8, day=21)
    office.hand_over()
    assert office.state_of("clerk") == {"mail": "sent", "sms": "sent"}


def test_one_letter_a_day_for_who_wants_that(office, draft):
    office.wants("deputy", mail="deputy@example.cn", daily=True)
    office.assigned(office.submitted(draft))
    office.at(18)
    office.hand_over()
    assert office.mail.letters == []
    office.at(9, day=21)
    office.hand_over()
    (letter,) = office.mail.letters
    assert letter["Subject"] == "代表建议：今天有 2 条消息"
    assert "已经立案" in letter.get_content() and "已经交办" in letter.get_content()


def test_what_is_not_taken_is_tried_again_and_then_told_the_operator(office, draft):
    office.wants("clerk", mail="clerk@example.cn")
    office.mail.answers = ["451 later"] * (len(DELAYS) + 1)
    office.assigned(office.submitted(draft))
    clock = office.web.network.clock
    for delay in (*DELAYS, 0):
        office.hand_over()
        clock.set(clock.now() + timedelta(seconds=delay * 1.2))
    assert office.mail.letters == [] and office.state_of("clerk") == {"mail": "failed"}
    operator = office.web.program("operator")
    (line,) = operator.get("/api/undelivered-messages").json
    assert (line["account"], line["state"], "451 later" in line["error"]) == (
        office.web.accounts["clerk"],
        "failed",
        True,
    )
    assert "text" not in line and TITLE not in str(line)
    browser = signed_in(office.web, "operator")
    assert "没有送出的消息" in browser.get("/operations").text
    assert post(browser, "/operations/messages/resend", on="/operations").status_code == 303
    office.hand_over()
    assert office.state_of("clerk") == {"mail": "sent"}


def test_an_address_that_does_not_exist_is_not_tried_again(office, draft):
    office.wants("clerk", mail="clerk@example.cn")
    office.mail.answers = ["550 no such user"]
    office.assigned(office.submitted(draft))
    office.hand_over()
    office.at(20)
    office.hand_over()
    assert office.state_of("clerk") == {"mail": "failed"} and office.mail.letters == []


def test_of_mail_that_broke_off_nobody_knows_and_it_is_not_sent_twice(office, draft):
    office.wants("clerk", mail="clerk@example.cn")
    office.mail.breaks_off = True
    office.assigned(office.submitted(draft))
    office.hand_over()
    office.at(20)
    office.hand_over()
    assert len(office.mail.letters) == 1 and office.state_of("clerk") == {"mail": "unknown"}


@pytest.mark.parametrize(("channel", "state", "arrive"), [("mail", "unknown", 0), ("sms", "sent", 1)])
def test_killed_while_it_hands_over(office, draft, channel, state, arrive):
    """Mail could arrive twice and is not repeated; the gateway for short messages knows its messages by their key."""
    where = {"mail": "clerk@example.cn"} if channel == "mail" else {"phone": "13800000000"}
    office.wants("clerk", **where)
    office.assigned(office.submitted(draft))
    office.post._take(channel)  # and there the process ends
    again, clock = Post(office.web.runtime), office.web.network.clock
    again.hand_over_due(channel)
    assert office.state_of("clerk") == {channel: "sending"}
    clock.set(clock.now() + timedelta(seconds=LEASE_SECONDS + 1))
    again.hand_over_due(channel)
    assert office.state_of("clerk") == {channel: state}
    assert len(office.sms.taken) + len(office.mail.letters) == arrive


class OwnInterface:
    """A package's channel: what a province's operator of telephones understands."""

    repeats = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, address: str, subject: str, text: str, key: str) -> None:
        self.sent.append((address, text))


@pytest.fixture
def packages(monkeypatch):
    """Installs channels by entry point: `packages(sms=maker)`; a maker that is an error cannot be loaded."""

    def load(maker):
        if isinstance(maker, Exception):
            raise maker
        return maker

    def install(**made):
        points = [SimpleNamespace(name=name, load=partial(load, maker)) for name, maker in made.items()]
        monkeypatch.setattr(
            channels, "entry_points", lambda group: points if group == "jianyi.channels" else []
        )
        channels.makers.cache_clear()

    yield install
    monkeypatch.undo()
    channels.makers.cache_clear()


def test_a_package_speaks_the_operators_own_interface_in_place_of_the_gateway(office, draft, packages):
    own = OwnInterface()
    packages(sms=lambda settings: own)
    office.post = Post(office.web.runtime)
    office.wants("clerk", phone="13800000000")
    office.assigned(office.submitted(draft))
    office.hand_over()
    assert [address for address, _ in own.sent] == ["13800000000"] and office.sms.taken == {}
    assert office.state_of("clerk") == {"sms": "sent"}


def test_a_channel_that_cannot_be_loaded_or_opened_leaves_the_others(office, packages):
    def fails(settings):
        raise ValueError("no licence")

    packages(sms=ImportError("no such module"), mail=fails, fax=fails)
    assert isinstance(Post(office.web.runtime).channels["sms"], channels.Sms)
    assert set(Post(office.web.runtime).channels) == {"sms"}


def test_an_address_that_is_given_up_gets_nothing_more(office, draft):
    office.wants("clerk", mail="clerk@example.cn")
    office.assigned(office.submitted(draft))
    office.wants("clerk")
    office.hand_over()
    assert office.mail.letters == [] and office.state_of("clerk") == {"mail": "dropped"}


def test_a_place_has_its_own_words_and_hours(office, draft):
    settings = {
        "signature": "湖南省人大", "quiet_from": "12:00", "quiet_to": "12:00",
        "words": [{"kind": "assigned", "text": "{unit}：{matter}请在7日内签收。"}, {"kind": "handed_on", "text": "{number}已交办。"}],
    }  # fmt: skip
    lay_down(office, settings)
    office.wants("clerk", phone="13800000000")
    office.at(23)
    office.assigned(office.submitted(draft))
    office.hand_over()
    assert office.sms.texts() == [f"【湖南省人大】省税务局：《{TITLE}》请在7日内签收。"]
    assert (
        office.texts("deputy")[0] == f"《{TITLE}》已经交办，由省税务局办理。"
    )  # no number there: the usual words


@pytest.mark.parametrize("wrong", ["{matter.__class__}", "{nobody}", "{matter!r}", "{matter", "{0}"])
def test_words_that_cannot_be_filled_in_are_refused(wrong):
    with pytest.raises(Invalid):
        GROUPS["channels"].load({"words": [{"kind": "assigned", "text": wrong}]})


def test_what_was_told_long_ago_is_forgotten(office, draft):
    office.wants("deputy", mail="deputy@example.cn")
    office.submitted(draft)
    office.web.network.on(date(2024, 5, 1))
    office.post._clean()
    with office.web.runtime.database.reading() as connection:
        for table in (tables.messages, tables.message_deliveries):
            assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0


# --- what the tests share ---------------------------------------------------------------------------------------------


def lay_down(office, settings):
    office.web.network.on(date(2023, 2, 19))
    liaison = office.web.program("liaison")
    answer = liaison.post(
        "/api/practices", json={"name": "channels", "congress": PROVINCE, "settings": settings}
    )
    assert answer.status_code == 200, answer.text
    office.web.network.settle()
    office.web.network.on(date(2023, 2, 20), 10)


def signed_in(web, login):
    browser = web.browser()
    post(browser, "/sign-in", login=login, password="a-long-password")
    return browser


def post(browser, path, on=None, **form):
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(on or path).text)[1]
    return browser.post(path, data={"csrf_token": token, **form})


# --- scores and honours ---------------------------------------------------------------------------------------------


def test_a_unit_hears_that_it_was_scored_and_what_was_decided_on_its_objection(office):
    said = {"unit": office.unit, "year": 2022}
    score = {
        "points": 87.5,
        "announced_on": "2023-02-20",
        "kind": "government",
        "rank": 1,
        "ranked": 2,
        "is_last": False,
    }
    office.happens("score.announced.v1", TASK, 1, **said, **score)
    office.happens("score.contested.v1", TASK, 2, **said, part="按期办复", reason="延期已经同意。")
    office.happens(
        "contest.decided.v1", TASK, 3, **said, part="按期办复", upheld=True, points=90.0, reason="属实。"
    )
    decided, announced = office.texts("head")
    assert (
        announced
        == "省税务局2022年的评分（87.5分）已经公布，请查看各项得分；有不同意见的，负责人可以在期限内逐项申诉。"
    )
    assert decided == "省税务局对2022年评分的“按期办复”的申诉已经裁定，请查看。"
    assert office.texts("liaison") == ["省税务局对2022年评分的“按期办复”提出申诉，请裁定。"]
    page = signed_in(office.web, "head")
    link = re.search(r'href="(/messages/[^"]+at=scores)"', page.get("/messages").text)[1]
    assert page.get(link).location.endswith("/scores")
