"""Tables of the directory."""

from __future__ import annotations

import sqlalchemy as sa

from services.directory.model.material import Material
from services.directory.model.office import Office
from services.directory.model.practice import SetPractice
from services.directory.model.register import Account, Congress, Delegation, Deputy, Session, Unit
from shared.database import backbone_tables
from shared.isolation import keep_apart
from shared.store import Store, state_columns

metadata = sa.MetaData()
backbone_tables(metadata)
# The register is open to whoever is signed in; accounts are not.
keep_apart(metadata, "accounts", by=("congress", "id"))
# What congresses publish is inherited below; a unit's own is not for other places.
keep_apart(metadata, "materials", shown="unit = ''")

divisions = sa.Table(
    "divisions",
    metadata,
    sa.Column("path", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(16), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("parent", sa.String(32), nullable=False),
    sa.Column("has_congress", sa.Boolean, nullable=False),
    sa.Index("divisions_parent", "parent", "path"),
)


def _named_table(name: str, *more: sa.Column) -> sa.Table:
    table = sa.Table(
        name, metadata, *state_columns(), sa.Column("name", sa.String(128), nullable=False), *more
    )
    sa.Index(f"{name}_congress", table.c.congress, table.c.name)
    return table


congresses = _named_table("congresses")
sessions = _named_table("sessions", sa.Column("opens_on", sa.String(10), nullable=False))
delegations = _named_table("delegations")
deputies = _named_table("deputies")
units = _named_table("units", sa.Column("kind", sa.String(24), nullable=False))
offices = _named_table("offices")
accounts = _named_table("accounts", sa.Column("login", sa.String(64), nullable=False, unique=True))

practices = sa.Table(
    "practices",
    metadata,
    *state_columns(),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("place", sa.String(36), nullable=False),
    sa.Index("practices_congress", "congress", "name"),
    sa.Index("practices_name", "name", "congress"),
)

materials = sa.Table(
    "materials",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("unit", sa.String(36), nullable=False),
    sa.Index("materials_congress", "congress", "unit", "state"),
    sa.Index("materials_unit", "unit", "state"),
)

congress_store = Store(congresses, Congress, lambda c: {"name": c.name})
session_store = Store(sessions, Session, lambda s: {"name": s.name, "opens_on": s.opens_on.isoformat()})
delegation_store = Store(delegations, Delegation, lambda d: {"name": d.name})
deputy_store = Store(deputies, Deputy, lambda d: {"name": d.name})
unit_store = Store(units, Unit, lambda u: {"name": u.name, "kind": u.kind})
office_store = Store(offices, Office, lambda o: {"name": o.name})
account_store = Store(accounts, Account, lambda a: {"name": a.name, "login": a.login})
practice_store = Store(practices, SetPractice, lambda p: {"name": p.name, "place": p.place})
material_store = Store(materials, Material, lambda m: {"state": m.state, "kind": m.kind, "unit": m.unit})
