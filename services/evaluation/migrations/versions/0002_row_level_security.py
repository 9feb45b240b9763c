"""Row-level security: a congress's rows are out of its neighbours' reach, whatever a query forgets."""

from alembic import op

from shared.isolation import statements

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for statement in (
        *statements("event_log", by=("jurisdiction",)),
        *statements("scores"),
        *statements("evaluations", shown="state = 'published'"),
        *statements("figures", shown="owner = ''"),
        *statements(
            "contributions",
            shown="EXISTS (SELECT FROM evaluations e WHERE e.id = suggestion_id AND e.state = 'published')",
        ),
        *statements("open_forms", of="evaluations"),
    ):
        op.execute(statement)
