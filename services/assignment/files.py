"""The contents of attachments: in pieces, so that none of the statements that carry them is long."""

from __future__ import annotations

import base64
from typing import Any

import sqlalchemy as sa

from services.assignment.model import Handling
from services.assignment.model.reply import Attachment
from services.assignment.stores import store
from services.assignment.tables import attachment_parts, attachments
from shared.files import TYPES
from shared.problems import NotFound
from shared.work import Work

Data = dict[str, Any]

PIECE = 256 * 2**10  # bytes


def attach_file(work: Work, handling: Handling, data: Data) -> Data:
    given = data["file"]
    file = handling.attach_file(
        data["task"], given["name"], given["content"], data["public"], work.actor, work.now
    )
    _write(work.connection, handling, file, given["content"])
    return {"attachment": file.id, "checksum": file.checksum}


def remove_file(work: Work, handling: Handling, data: Data) -> None:
    """What was taken off before the reply went out is kept by nobody; that it was there stays in the history."""
    handling.remove_file(data["task"], data["attachment"], work.actor, work.now)
    work.connection.execute(
        sa.delete(attachment_parts).where(attachment_parts.c.attachment == data["attachment"])
    )
    work.connection.execute(sa.delete(attachments).where(attachments.c.id == data["attachment"]))


def attachment(work: Work, params: Data) -> Data:
    row = work.connection.execute(sa.select(attachments).where(attachments.c.id == params["id"])).first()
    if row is None or not (row.published or _may_read(work, row)):
        raise NotFound("没有找到这个附件。")
    p = attachment_parts.c
    pieces = work.connection.scalars(sa.select(p.content).where(p.attachment == row.id).order_by(p.place))
    return {
        "id": row.id, "suggestion": row.suggestion, "name": row.name, "type": row.type, "media_type": TYPES[row.type],
        "size": row.size, "checksum": row.checksum, "content": base64.b64encode(b"".join(pieces)).decode(),
    }  # fmt: skip


def _may_read(work: Work, row: Any) -> bool:
    handling = store.get(work.connection, row.suggestion)
    return handling is not None and handling.file_for(row.id, work.actor) is not None


def publish(work: Work, handling: Handling) -> None:
    """Open to everybody what goes with the replies that are published, and nothing else."""
    a = attachments.c
    change = sa.update(attachments).where(a.suggestion == handling.id)
    work.connection.execute(change.values(published=a.id.in_(handling.public_files)))


def _write(connection: sa.Connection, handling: Handling, file: Attachment, content: bytes) -> None:
    row = {
        "id": file.id, "congress": handling.congress, "suggestion": handling.id, "name": file.name, "type": file.type,
        "size": file.size, "checksum": file.checksum, "published": False,
    }  # fmt: skip
    connection.execute(sa.insert(attachments), row)
    for place, start in enumerate(range(0, len(content), PIECE)):
        piece = {"attachment": file.id, "place": place, "congress": handling.congress}
        connection.execute(sa.insert(attachment_parts), piece | {"content": content[start : start + PIECE]})
