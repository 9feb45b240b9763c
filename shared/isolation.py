"""Tenant isolation: on a shared PostgreSQL a person's transaction reaches the rows of the person's congresses alone.

The services' rules decide who sees what; this is the wall behind them, for the day on which a query forgets its
condition. Each transaction has a *sight*: the congresses in which its person has something to do. It is set once, where
transactions begin (`shared.database`), and PostgreSQL's row-level security compares every row with it. SQLite has no such
thing: an embedded network has its rules alone.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from shared.events import ROOT
from shared.identity import Actor

SETTING = "jianyi.sight"
EVERYTHING = "*"  # of the services themselves and of operators; a connection begins with it (see Database)
NOTHING = "-"
_WORD = re.compile(r"[\w.-]+", re.ASCII)


def sight_of(actor: Actor) -> str:
    """The congresses that a person's work touches, with the person's own account.

    A role without a congress holds everywhere. People of a unit also work for the congresses above: each assigns to the
    governments one level down, whose offices split it among their own units and the governments below them (归口管理).
    """
    if any(not role.congress for role in actor.roles):
        return EVERYTHING
    own = {role.congress for role in actor.roles}
    above = {path for role in actor.roles if role.unit for path in _above(role.congress)}
    words = [word for word in (*sorted(own | above), actor.account) if _WORD.fullmatch(word)]
    return ",".join(words) or NOTHING


def _above(path: str) -> list[str]:
    """The congresses above one: 43.01, 43 and the nation's for 43.01.81."""
    parts = path.split(".")
    return [ROOT, *(".".join(parts[:length]) for length in range(1, len(parts)))]


def keep_apart(
    metadata: sa.MetaData, *tables: str, by: tuple[str, ...] = ("congress",), of: str = "", shown: str = ""
) -> None:
    """Declare tables whose rows belong to congresses: see `statements`. The same is in the service's migrations."""
    if "apart" not in metadata.info:
        metadata.info["apart"] = {}
        sa.event.listen(metadata, "after_create", _enforce)
    metadata.info["apart"] |= dict.fromkeys(tables, (by, of, shown))


def statements(table: str, by: tuple[str, ...] = ("congress",), of: str = "", shown: str = "") -> list[str]:
    """What makes PostgreSQL keep a table's rows apart, from the tables' owner too.

    `by`: the columns of which one has to be in sight; `of`: instead of it, the table of suggestions to which the rows
    belong, which are in sight with them; `shown`: a condition on rows that everybody may read.
    """
    sight = f"current_setting('{SETTING}', true)"
    ours = " OR ".join(f"{column} = ANY (string_to_array({sight}, ','))" for column in by)
    if of:
        ours = f"EXISTS (SELECT FROM {of} WHERE {of}.id = suggestion_id)"
    found = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY ours ON {table} USING ({sight} = '{EVERYTHING}' OR {ours})",
    ]
    return [*found, f"CREATE POLICY shown ON {table} FOR SELECT USING ({shown})"] if shown else found


def _enforce(metadata: sa.MetaData, connection: sa.Connection, **_: Any) -> None:
    if connection.dialect.name == "postgresql":
        for table, (by, of, shown) in metadata.info["apart"].items():
            for statement in statements(table, by, of, shown):
                connection.exec_driver_sql(statement)
