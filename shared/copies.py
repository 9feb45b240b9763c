"""What a service needs of the directory's data, kept as its own small copy and fed by events."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from shared.practices import Laid, laid_down
from shared.problems import Invalid
from shared.statements import Statements

KINDS = {
    "congress": "人大",
    "session": "会议",
    "delegation": "代表团",
    "deputy": "代表",
    "unit": "承办单位",
    "practice": "做法",
    "office": "职务",
}

MOST_KEPT = 5_000  # practices as read, some kilobytes each
MOST_PLACES = 1_000  # congresses, each with what holds there


class Copies:
    """Reads and writes the `copies` table within one transaction.

    `missed`: ids that were looked for in vain. The directory may know them already, and its event be on its way: a
    command that is refused is tried once more after asking there (`Runtime.execute`).
    """

    def __init__(self, connection: sa.Connection, statements: Statements) -> None:
        self.connection, self.statements, self.table = connection, statements, statements.copies
        self.missed: set[str] = set()

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        """The copy of one thing, or None when it is not known (yet)."""
        found: dict[str, Any] | None = self.connection.scalar(self.statements.copy, {"kind": kind, "id": id})
        if found is None:
            self.missed.add(id)
        return found

    def named(self, kind: str, ids: list[str]) -> list[dict[str, str]]:
        """{id, name} for each id, in order. Raises Invalid naming what is unknown: events and screens need names."""
        if not ids:
            return []
        rows = self.connection.execute(self.statements.named_copies, {"kind": kind, "ids": ids})
        known = {row.id: row.data["name"] for row in rows}
        if missing := [id for id in ids if id not in known]:
            self.missed.update(missing)
            raise Invalid(f"没有找到这样的{KINDS[kind]}（{'、'.join(missing)}），请重新选择。")
        return [{"id": id, "name": known[id]} for id in ids]

    def of_congress(self, kind: str, congress: str) -> list[dict[str, Any]]:
        """All copies of one kind that belong to a congress."""
        params = {"kind": kind, "congress": congress}
        return list(self.connection.scalars(self.statements.copies_of_congress, params))

    def practices_of(self, congresses: list[str]) -> Laid:
        """What practices the places of these congresses have laid down: to be read only, for it is shared."""
        versions = self.connection.scalar(self.statements.practices, {"congresses": congresses}) or ""
        laid = self.statements.practices_laid_down.get(versions)
        return self._laid_down(versions) if laid is None else laid

    def _laid_down(self, versions: str) -> Laid:
        read, wanted = self.statements.practices_read, [version for version in versions.split(",") if version]
        found = {version.partition(":")[0]: read.get(version) for version in wanted}
        if unread := [id for id, said in found.items() if said is None]:
            for row in self.connection.execute(self.statements.read_practices, {"ids": unread}):
                found[row.id] = read[f"{row.id}:{row.sequence}"] = row.data
        laid = laid_down(said for said in found.values() if said is not None)
        self._remember(versions, wanted, laid)
        return laid

    def _remember(self, versions: str, wanted: list[str], laid: Laid) -> None:
        read, laid_down = self.statements.practices_read, self.statements.practices_laid_down
        if all(version in read for version in wanted):  # none was changed while it was read
            laid_down[versions] = laid
        if len(laid_down) > MOST_PLACES:
            laid_down.clear()
        if len(read) > MOST_KEPT:
            read.clear()

    def unit(self, id: str) -> dict[str, Any] | None:
        """The copy of a unit, with the congress at which it is registered; None when it is not known."""
        row = self.connection.execute(self.statements.unit, {"id": id}).first()
        return row.data | {"congress": row.congress} if row else None

    def keep(self, told: dict[str, list[dict[str, Any]]]) -> None:
        """Take over what `….recorded` events say, by kind, unless a later one has been seen already."""
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for kind, events in told.items():
            for event in sorted(events, key=lambda event: int(event["sequence"])):
                rows[kind, event["subject"]] = {
                    "kind": kind,
                    "id": event["subject"],
                    "congress": event["jurisdiction"],
                    "sequence": event["sequence"],
                    "data": event["data"] | {"id": event["subject"]},
                }
        if rows:
            self.connection.execute(self.statements.keep_copy, list(rows.values()))
