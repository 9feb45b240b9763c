"""优秀建议评选 (Liuyang 2022): ten excellent suggestions a year by a rule of the place; their authors share their experience."""

from __future__ import annotations

from typing import Any

from services.evaluation.hooks import AwardRule
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.terms import AWARD_DECIDED_BY, AWARD_NOMINATED_BY


class ExcellentSuggestions(Plugin):
    name, label, source = "excellent_suggestions", "优秀建议评选", "浏阳市，《联络动态》2022年第22期"
    summary = "每年评选若干件优秀建议：由谁推荐、由谁评定、是否必须办结；公布后在检索和类似建议里标明，领衔代表写经验分享。"
    places = ("congress",)
    settings = {
        "each_year": f.number("每年评选几件", least=1, most=100, default=10),
        "nominated_by": f.choices("由谁推荐（不选则都可以）", AWARD_NOMINATED_BY, required=False),
        "decided_by": f.choice("由谁评定", AWARD_DECIDED_BY, default="meeting"),
        "only_closed": f.yes("只评已经办结的", default=True),
    }

    @hookimpl
    def award_rules(self, settings: dict[str, Any]) -> list[AwardRule]:
        nominated_by = tuple(settings["nominated_by"] or AWARD_NOMINATED_BY)
        return [
            AwardRule(settings["each_year"], nominated_by, settings["decided_by"], settings["only_closed"])
        ]


PLUGIN = ExcellentSuggestions
