"""代表联络站 (Liuyang 2022): each deputy of a station receives voters one day a month and visits thirty people."""

from __future__ import annotations

from typing import Any

from services.intake.hooks import Duty
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl

VISITED_IN = {"year": "每年", "month": "每月"}


class StationDuties(Plugin):
    name, label, source = "station_duties", "代表联络站履职", "浏阳市，《联络动态》2022年第22期"
    summary = (
        "编入联络站的代表每月接待选民、走访群众要达到的次数；没有做到的，出现在代表的“我的工作”里，月末提醒。"
    )
    places = ("congress",)
    settings = {
        "reception_days_per_month": f.number("每月接待选民多少天（0为不要求）", most=31, default=1),
        "visited_people": f.number("走访多少人（0为不要求）", most=10_000, default=30),
        "visited_in": f.choice("走访人数按什么算", VISITED_IN, default="year"),
        "visiting_month": f.numbers(
            "代表走访月", most=12, default=[], hint="哪几个月是走访月，用顿号隔开；走访月里单独计算人数"
        ),
        "visiting_month_people": f.number("走访月里走访多少人", least=1, most=10_000, default=10),
    }

    @hookimpl
    def station_duties(self, month: int, settings: dict[str, Any]) -> list[Duty]:
        people = settings["visited_people"]
        wanted = [
            Duty("reception", settings["reception_days_per_month"], "month"),
            Duty("visit", people, settings["visited_in"]),
        ]
        if month in settings["visiting_month"]:
            wanted.append(Duty("visit", settings["visiting_month_people"], "month", "代表走访月"))
        return [duty for duty in wanted if duty.least]


PLUGIN = StationDuties
