"""A county's year as the demo plays it, on the services' own runtimes: all that befalls suggestions."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from harness import TestNetwork

from jianyi.demo.cast import Stage, raise_stage
from jianyi.demo.year import Year
from jianyi.hunan import hunan_divisions
from jianyi.insider import Insider
from services.search import indexing
from shared.clock import legal_date
from shared.contracts import assignment as a
from shared.contracts import directory as d
from shared.contracts import intake as i
from shared.contracts import supervision as s
from shared.identity import SYSTEM, verify

SERVICES = ("directory", "intake", "assignment", "supervision", "evaluation", "search")
TOWN = "43.01.81.110"
TODAY = date(2026, 6, 20)


class Ways:
    """Brings calls straight to the runtimes, and their events to everybody, as of the moment that the caller tells."""

    def __init__(self, network: TestNetwork) -> None:
        self.network = network

    def call(self, service: str, method: str, *args: Any, token: str) -> Any:
        runtime = self.network.runtimes[service]
        if now := verify(token, self.network.settings.signing_key).now:
            self.network.clock.set(now)
        if method == "ask":
            return runtime.ask(args[0], args[1], token=token)
        command, subject, data, key, version = args
        answer = runtime.execute(command, subject, data, token=token, key=key, version=version)
        self.network.settle()
        return answer


class County:
    """The year of one congress, and what people do besides: merge, return, remind, announce holidays."""

    def __init__(self, network: TestNetwork) -> None:
        self.on(network)
        parts = [x for x in hunan_divisions() if x["path"] == TOWN or TOWN.startswith(x["path"] + ".")]
        self.insider.do(SYSTEM, d.REGISTER_DIVISIONS, data={"divisions": parts})
        self.stage: Stage = raise_stage(self.insider, TOWN, TODAY.year)
        self.year = Year(self.insider, {TOWN: self.stage}, TODAY, lambda done, total: None)
        self.year.tales[8].fate, self.year.tales[11].fate = "rehandling", "replied"  # a form is open

    def on(self, network: TestNetwork) -> None:
        """Go on with this network."""
        self.network, self.insider = network, Insider(Ways(network), network.settings)  # type: ignore[arg-type]

    def whole(self) -> None:
        """Play it, with a look at the deadlines in between."""
        self.year.play()
        for day in (date(2026, 4, 20), date(2026, 6, 1), TODAY):
            self.tick(day)
        self.return_a_task()
        self.merge_two()

    def tick(self, day: date) -> None:
        """The daily look: reminds of what is due."""
        self.network.on(day)
        self.network.do(SYSTEM, "supervision", s.TICK.name)

    def accepted(self, number: int) -> str:
        """One more suggestion is submitted and accepted. Returns its id."""
        id = self.submitted(number)
        self.insider.do(self.stage.liaison(), i.ACCEPT, id)
        return id

    def submitted(self, number: int) -> str:
        deputies = list(self.stage.deputies)
        deputy = self.stage.deputy(deputies[number % len(deputies)])
        content = {"situation": "村口公路有一处急弯，去年发生事故三起。", "analysis": "没有反光镜和减速带，视线被遮挡。",
                   "proposals": "（一）安装反光镜。（二）修复路灯，拓宽弯道。", "kind": "suggestion", "category": "交通运输"}  # fmt: skip
        title = f"关于整治第{number}处急弯的建议"
        id = str(self.insider.do(deputy, i.DRAFT, data={"congress": TOWN, "title": title, **content})["id"])
        self.insider.do(deputy, i.SUBMIT, id)
        return id

    def live(self, number: int) -> str:
        """One more suggestion comes as far as being assigned. Returns its id."""
        id, unit = self.accepted(number), next(iter(self.stage.units.values()))
        self.insider.do(self.stage.liaison(), a.ASSIGN, id, {"lead": unit, "joint": []})
        return id

    def return_a_task(self) -> None:
        """A unit asks to return a task, and the office agrees and assigns another."""
        id, office = self.live(1), self.stage.liaison()
        (name, _), (_, other) = list(self.stage.units.items())[:2]
        task = self.insider.ask(office, a.HANDLING, id=id)["tasks"][0]["id"]
        asked = {"task": task, "reason": "主要由其他部门负责，申请退办。"}
        self.insider.do(self.stage.clerk(name), a.ASK_RETURN, id, asked)
        decided = {"task": task, "approve": True, "unit": other, "reason": "同意"}
        self.insider.do(office, a.ADJUDICATE, id, decided)

    def merge_two(self) -> None:
        """A suggestion is merged into an accepted one."""
        into, merged = self.accepted(2), self.submitted(3)
        self.insider.do(self.stage.liaison(), i.MERGE, merged, {"into": into, "reason": "内容相同"})

    def remind(self, id: str) -> None:
        """The office reminds by hand."""
        self.insider.do(self.stage.liaison(), s.REMIND, id, {"text": "请抓紧办理。"})


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """The year, played once for all."""
    network = TestNetwork(tmp_path_factory.mktemp("played"), SERVICES, today=date(2026, 1, 2))
    county = County(network)
    county.whole()
    assert legal_date(network.clock.now()) >= TODAY
    end(network)
    yield county


@pytest.fixture
def county(played: County, tmp_path: Path) -> Iterator[County]:
    """What the year has left, to go on from."""
    shutil.copytree(played.network.settings.home, tmp_path, dirs_exist_ok=True)
    network = TestNetwork(tmp_path, SERVICES, new=False)
    network.clock.set(played.network.clock.now())
    county = copy.copy(played)
    county.on(network)
    yield county
    end(network)


def end(network: TestNetwork) -> None:
    indexing.engine_of(network.settings).close()
    network.close()
