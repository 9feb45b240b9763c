"""A county with a station at which deputies of three levels receive voters: told by the sources in docs/practices.md."""

from __future__ import annotations

from harness import deputy, liaison

from shared.aggregate import new_id
from shared.identity import Actor, Role

PROVINCE, COUNTY, NEIGHBOUR, TOWN = "43", "43.01.81", "43.01.21", "43.01.81.101"
KEEPER = Actor(new_id(), "站长甲", (Role("station", COUNTY),))
OTHER_KEEPER = Actor(new_id(), "站长乙", (Role("station", COUNTY),))
STATION = {"name": "集里街道人大代表联络站", "address": "集里街道某路1号", "head": "站长甲"}


class Voters:
    """The county's office, a keeper, and a deputy of each level."""

    def __init__(self, network):
        self.network, self.seats = network, {}
        for path in (PROVINCE, COUNTY, NEIGHBOUR, TOWN):
            seat = self.seats[path] = new_id()
            network.tell(
                "deputy.recorded.v1",
                seat,
                path,
                name=f"代表{path}",
                delegation="",
                delegation_name="",
                active=True,
            )
            network.tell("session.recorded.v1", new_id(), path, name="第十四届一次会议", term=14, ordinal=1, opens_on="2022-01-13", closes_on="2022-01-19")  # fmt: skip
        self.office, self.stranger = liaison(COUNTY), liaison(NEIGHBOUR)

    def deputy(self, path=COUNTY):
        return deputy(f"代表{path}", self.seats[path], path)

    def do(self, who, command, id="", **data):
        return self.network.do(who, "intake", command, id, **data)

    def ask(self, who, query, **params):
        return self.network.ask(who, "intake", query, **params)

    def station(self, *levels, **more):
        """A station with a keeper and the deputies of these congresses."""
        about = {**STATION, "keepers": [KEEPER.account], **more}
        id = self.do(self.office, "register_station", congress=COUNTY, **about)["id"]
        if levels:
            self.do(self.office, "assign_to_station", id, deputies=[self.seats[path] for path in levels])
        return id

    def waiting(self, who):
        return [(line["what"], line["title"], line["due_on"]) for line in self.ask(who, "intake_waiting")]

    def events(self, id, type):
        return [event["data"] for event in self.network.published("intake", id) if event["type"] == type]
