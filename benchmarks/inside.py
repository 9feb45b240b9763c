"""Plain lives through the services' commands, without REST: `python -m benchmarks.inside PLAYERS.json LIVES`.

Speaks RPC as the gateway does, with eight people at once in one process. Prints lives a second.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any


class InsideClient:
    """Answers the paths of the REST interface by asking the services themselves, as one person."""

    def __init__(self, network: Any, routes: list[tuple[re.Pattern[str], Any, bool]], token: str) -> None:
        self.network, self.routes, self.token = network, routes, token

    def post(self, path: str, data: dict[str, Any], *, key: str | None = None) -> Any:
        contract, subject = self._find(path, command=True)
        return self.network.call(
            contract.service, "execute", contract.name, subject, data, key, None, token=self.token
        )

    def get(self, path: str, **params: Any) -> Any:
        contract, subject = self._find(path, command=False)
        asked = params | ({"id": subject} if subject else {})
        return self.network.call(contract.service, "ask", contract.name, asked, token=self.token)

    def _find(self, path: str, *, command: bool) -> tuple[Any, str]:
        for pattern, contract, is_command in self.routes:
            if is_command == command and (found := pattern.fullmatch(path)):
                return contract, (found.groups() or ("",))[0]
        raise LookupError(path)


def main() -> None:
    """Entry point of the process."""
    import eventlet
    from nameko import config
    from nameko.containers import ServiceContainer
    from nameko.extensions import DependencyProvider

    from jianyi.lives import Life, Players
    from shared import settings
    from shared.bus import rpc
    from shared.contracts import assignment, directory, evaluation, intake
    from shared.identity import Actor, Role, sign

    class Door(DependencyProvider):
        network = rpc.Network()

    class Bench:
        name = "bench"
        door = Door()

    found = settings.load()
    rpc.configure(found.broker)
    config["jianyi.settings"] = found
    container = ServiceContainer(Bench)
    container.start()
    network = next(iter(container.dependencies)).network
    routes = [
        (re.compile(re.escape(contract.path).replace("<id>", "([^/]+)")), contract, is_command)
        for contracts in (directory.contracts, intake.contracts, assignment.contracts, evaluation.contracts)
        for known, is_command in ((contracts.commands, True), (contracts.queries, False))
        for contract in known.values()
    ]

    def client(role: str, congress: str, unit: str = "", seat: str = "") -> Any:
        actor = Actor(f"bench-{role}-{unit or seat}", role, (Role(role, congress, unit, seat),))
        return InsideClient(network, routes, sign(actor, found.signing_key))

    players = [
        Players(
            congress, deputy=client("deputy", congress, seat=seat), seat=seat, liaison=client("liaison", congress),
            clerk=client("handler", congress, unit=unit), head=client("unit_head", congress, unit=unit), unit=unit,
        )
        for congress, seat, unit in json.loads(Path(sys.argv[1]).read_text())
    ]  # fmt: skip
    lives = int(sys.argv[2])
    pool = eventlet.GreenPool(len(players))
    began = time.perf_counter()
    for number in range(lives):
        pool.spawn(Life(players[number % len(players)], f"inside-{number}-{time.time_ns()}").live)
    pool.waitall()
    print(lives / (time.perf_counter() - began))
    container.stop()


if __name__ == "__main__":
    from shared.green import patch

    patch()
    main()
