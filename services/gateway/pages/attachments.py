"""Files that go with replies, to save and never to be opened by a browser as a page of ours."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import flask

from services.gateway import access
from services.gateway.access import calls
from shared.contracts import assignment
from shared.problems import NotFound

blueprint = flask.Blueprint("attachments", __name__)

MEGABYTE = 2**20


@blueprint.get("/suggestions/<uuid:id>/attachments/<uuid:attachment>")
@access.signed_in
def attachment(id: Any, attachment: Any) -> flask.Response:
    return _file(str(id), str(attachment))


@blueprint.get("/public/<uuid:id>/attachments/<uuid:attachment>")
def public(id: Any, attachment: Any) -> flask.Response:
    """Of a published suggestion, for everybody."""
    return _file(str(id), str(attachment))


def _file(suggestion: str, attachment: str) -> flask.Response:
    found = calls.ask(assignment.ATTACHMENT, id=attachment)
    if found["suggestion"] != suggestion:
        raise NotFound("没有找到这个附件。")
    headers = {
        "Content-Disposition": f"attachment; filename=attachment.{found['type']}; filename*=UTF-8''{quote(found['name'])}",
        "Cache-Control": "private, no-store",
    }
    return flask.Response(base64.b64decode(found["content"]), mimetype=found["media_type"], headers=headers)


def size_in_words(size: int) -> str:
    """As people read it: 183 KB, 2.4 MB."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))} KB"
