"""Commands and queries of intake about voters: stations of deputies, receptions and visits."""

from shared.contracts import field as f
from shared.contracts.intake import contracts
from shared.terms import ENCOUNTER_KINDS

command, query = contracts.command, contracts.query

MOST_DEPUTIES, MOST_PEOPLE = 300, 100_000


def _station() -> dict:
    return {
        "name": f.text("名称", most=60, hint="例如：集里街道人大代表联络站"),
        "address": f.text("地址", most=100),
        "head": f.text("站长", most=50, required=False),
        "phone": f.text("电话", most=30, required=False),
        "hours": f.text("开放时间", most=60, required=False, hint="例如：每月15日上午"),
        "keepers": f.many("管理联络站的账号", "account", most=20),
    }


REGISTER_STATION = command(
    "register_station", "/stations", "登记联络站", "Register a station of deputies (代表联络站、活动室) of a congress.",
    congress=f.congress(), **_station(),
)  # fmt: skip
CHANGE_STATION = command(
    "change_station", "/stations/<id>/change", "变更联络站", "Change a station's name, place, people or hours.", **_station(),
)  # fmt: skip
CHECK_STATION = command(
    "check_station", "/stations/<id>/check", "对照标准检查", "Record which points of the congress's standard for stations are met.",
    met=f.texts("已经达到的标准", most=30, longest=100),
)  # fmt: skip
ASSIGN_TO_STATION = command(
    "assign_to_station", "/stations/<id>/deputies", "编入代表",
    "Assign deputies to the station: of its congress, or of one above or below it.",
    deputies=f.many("代表", "deputy", required=True, most=MOST_DEPUTIES),
)  # fmt: skip
TAKE_FROM_STATION = command(
    "take_from_station", "/stations/<id>/deputies/take", "调出代表", "Take deputies out of the station; what they did stays on record.",
    deputies=f.many("代表", "deputy", required=True, most=MOST_DEPUTIES),
)  # fmt: skip
CLOSE_STATION = command(
    "close_station", "/stations/<id>/close", "停用联络站", "The station is used no more.", reason=f.text("原因", most=200),
)  # fmt: skip
PLAN_RECEPTION = command(
    "plan_reception", "/stations/<id>/receptions", "安排接待日", "Plan a day on which deputies receive voters at the station.",
    deputies=f.many("接待的代表", "deputy", required=True, most=30), on=f.day("日期"),
    hours=f.text("时间", most=40, required=False, hint="例如：上午9时至11时"),
)  # fmt: skip
LOG_RECEPTION = command(
    "log_reception", "/stations/<id>/receptions/log", "登记接待",
    "Record that deputies received voters at the station on a day, whether it was planned or not.",
    deputies=f.many("接待的代表", "deputy", required=True, most=30), on=f.day("日期"),
    people=f.number("接待多少人", most=MOST_PEOPLE), notes=f.text("情况", most=1000, required=False, long=True),
)  # fmt: skip
LOG_VISIT = command(
    "log_visit", "/stations/<id>/visits", "登记走访", "Record that a deputy of the station visited people.",
    deputy=f.one("走访的代表", "deputy"), on=f.day("日期"), people=f.number("走访多少人", least=1, most=MOST_PEOPLE),
    place=f.text("地点", most=100), notes=f.text("情况", most=1000, required=False, long=True),
)  # fmt: skip
CANCEL_ENCOUNTER = command(
    "cancel_encounter", "/encounters/<id>/cancel", "撤销", "Cancel a planned reception, or what was recorded by mistake; it stays on record.",
    reason=f.text("原因", most=200),
)  # fmt: skip
REMIND_OF_DUTIES = command(
    "remind_of_duties",
    "",
    "提醒履职",
    "The system looks in the last week of a month who has not yet done what stations ask for.",
)

STATIONS = query(
    "stations", "/stations", "联络站", "Stations that concern you: those of your congress, those you keep, those you are assigned to.",
    congress=f.congress(required=False), limit=f.number("条数", least=1, most=500, default=200),
)  # fmt: skip
STATION = query(
    "station", "/stations/<id>", "联络站", "One station with its deputies, what each has done in a year, and what you may do.",
    id=f.one("联络站", "station"), year=f.number("年度", most=2100, default=0),
)  # fmt: skip
ENCOUNTERS = query(
    "encounters", "/encounters", "接待和走访", "Receptions and visits that you may know of, the newest first: the list behind each figure.",
    congress=f.congress(required=False), station=f.one("联络站", "station", required=False),
    deputy=f.one("代表", "deputy", required=False), kind=f.choice("种类", ENCOUNTER_KINDS, required=False),
    state=f.text("状态", most=20, required=False), year=f.number("年度", most=2100, default=0),
    limit=f.number("条数", least=1, most=500, default=200),
)  # fmt: skip
DEPUTY_DUTIES = query(
    "deputy_duties", "/encounters/figures", "代表履职", "Receptions and visits of each deputy of a congress in a year, at whatever station.",
    congress=f.congress(), year=f.number("年度", most=2100, default=0),
)  # fmt: skip
