"""The tables of attachments: what each is, and its content in pieces. Everybody may read what is published."""

from __future__ import annotations

import sqlalchemy as sa

from shared.isolation import keep_apart

# A published one is in everybody's sight, with its pieces.
SHOWN = "published"
PARTS_SHOWN = "EXISTS (SELECT FROM attachments a WHERE a.id = attachment AND a.published)"


def declare(metadata: sa.MetaData) -> tuple[sa.Table, sa.Table]:
    """attachments, attachment_parts"""
    keep_apart(metadata, "attachments", shown=SHOWN)
    keep_apart(metadata, "attachment_parts", shown=PARTS_SHOWN)
    attachments = sa.Table(
        "attachments",
        metadata,
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("suggestion", sa.String(36), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("type", sa.String(8), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Index("attachments_suggestion", "suggestion"),
    )
    parts = sa.Table(
        "attachment_parts",
        metadata,
        sa.Column("attachment", sa.String(36), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    return attachments, parts
