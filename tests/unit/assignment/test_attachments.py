"""Files go with a reply: attached while it is drafted, read by who reads the reply, and by everybody what is published."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile

import pytest
from harness import unit_clerk

from services.assignment.files import PIECE
from shared.files import MOST_BYTES
from shared.problems import Invalid, NotFound, WrongState
from tests.unit.assignment.conftest import REPLY

PDF = b"%PDF-1.4\n" + b"plan" * 100


def given(name: str, content: bytes = PDF) -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(content).decode()}


def archive(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as inside:
        for name in names:
            inside.writestr(name, "x")
    return kept.getvalue()


def drafted(place):
    id = place.assigned(1, lead=place.tax)
    place.act("sign_for", id, place.tax)
    place.act("draft_reply", id, place.tax, **REPLY)
    return id


def attached(place, id, name="改造计划.pdf", content=PDF, **more):
    return place.act("attach_file", id, place.tax, file=given(name, content), **more)["attachment"]


def issue(place, id):
    place.act("approve_reply", id, place.tax, head=True)
    place.act("issue_reply", id, place.tax, document_number="湘税建〔2023〕12号")


def read(place, who, file):
    found = place.ask(who, "attachment", id=file)
    return found["name"], base64.b64decode(found["content"])


def test_a_file_goes_out_with_the_reply_and_comes_back_as_it_was(place, people):
    id = drafted(place)
    large = PDF + bytes(range(256)) * (3 * PIECE // 256)  # several pieces
    file = attached(place, id, content=large)
    issue(place, id)
    (reply,) = place.handling(id, people.lead)["replies"]
    (kept,) = reply["attachments"]
    assert (kept["name"], kept["size"]) == ("改造计划.pdf", len(large))
    assert kept["checksum"] == hashlib.sha256(large).hexdigest()
    assert read(place, people.lead, file) == ("改造计划.pdf", large)
    (told,) = place.events(id, "reply.issued")[-1]["attachments"]
    assert told["checksum"] == kept["checksum"]


def test_before_the_reply_goes_out_only_those_who_read_the_draft_read_its_files(place, people):
    id = drafted(place)
    file = attached(place, id)
    for who in (people.lead, people.office, people.other, people.neighbour, None):
        with pytest.raises(NotFound):
            read(place, who, file)
        if who in (people.lead, people.office):
            assert "attachments" not in place.task(id, place.tax, who)
    assert read(place, people.head, file)[1] == PDF
    place.act("show_draft", id, place.tax)
    assert read(place, people.lead, file)[1] == PDF


def test_afterwards_who_reads_the_reply_and_nobody_else(place, people):
    id = drafted(place)
    file = attached(place, id)
    issue(place, id)
    for who in (people.lead, people.cosigner, people.office, people.clerk):
        assert read(place, who, file)[1] == PDF
    for who in (people.stranger, people.neighbour, people.other, unit_clerk(place.foreign), None):
        with pytest.raises(NotFound):
            read(place, who, file)


@pytest.mark.parametrize(("publicity", "public"), [("public", True), ("public", False), ("on_request", True)])
def test_everybody_reads_what_was_meant_for_everybody_once_it_is_published(place, publicity, public):
    id = place.assigned(1, lead=place.tax)
    place.act("sign_for", id, place.tax)
    place.act("draft_reply", id, place.tax, **REPLY, publicity=publicity)
    file = attached(place, id, public=public)
    issue(place, id)
    with pytest.raises(NotFound):
        read(place, None, file)
    place.network.tell("suggestion.published.v1", id, published_on="2023-07-01", with_feedback=False)
    if publicity == "public" and public:
        assert read(place, None, file)[1] == PDF
    else:
        with pytest.raises(NotFound):
            read(place, None, file)


def test_what_was_approved_is_not_changed_any_more(place):
    id = drafted(place)
    file = attached(place, id)
    place.act("approve_reply", id, place.tax, head=True)
    with pytest.raises(WrongState):
        attached(place, id, "另一份.pdf", PDF + b"2")
    with pytest.raises(WrongState):
        place.act("remove_file", id, place.tax, attachment=file)
    place.act("draft_reply", id, place.tax, **REPLY)
    place.act("remove_file", id, place.tax, attachment=file)
    assert place.network.rows("assignment", "attachments", "attachment_parts") == {"attachments": [], "attachment_parts": []}  # fmt: skip


def test_what_the_deputies_were_shown_is_not_changed_under_their_eyes(place):
    id = drafted(place)
    place.act("show_draft", id, place.tax)
    with pytest.raises(WrongState, match="请先重新起草"):
        attached(place, id)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("方案.docx", archive("[Content_Types].xml", "word/document.xml")),
        ("清单.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")),
        ("公文.ofd", archive("OFD.xml")),
        ("现场.JPEG", b"\xff\xd8\xff\xe0rest"),
        ("现场.png", b"\x89PNG\r\n\x1a\nrest"),
    ],
)
def test_kinds_that_are_taken(place, name, content):
    attached(place, drafted(place), name, content)


@pytest.mark.parametrize(
    ("name", "content", "because"),
    [
        ("页面.html", b"<script>alert(1)</script>", "不能添加"),
        ("没有结尾", PDF, "不能添加"),
        ("冒充.pdf", b"<html>", "不是 pdf 文件"),
        ("冒充.png", PDF, "不是 png 文件"),
        ("压缩包.docx", archive("readme.txt"), "不是 docx 文件"),
        ("坏的.xlsx", b"PK\x03\x04broken", "不是 xlsx 文件"),
        ("宏.xlsx", archive("xl/workbook.xml", "xl/vbaProject.bin"), "带有宏"),
        ("空的.pdf", b"", "文件是空的"),
        ("太大.pdf", b"%PDF-" + b"0" * MOST_BYTES, "超过 10 MB"),
    ],
)
def test_what_is_something_else_is_refused_and_nothing_is_kept(place, name, content, because):
    id = drafted(place)
    with pytest.raises(Invalid) as refusal:
        attached(place, id, name, content)
    assert because in str(refusal.value.errors["file"])
    assert place.network.rows("assignment", "attachments") == {"attachments": []}


def test_the_same_file_twice_is_noticed_and_ten_are_enough(place):
    id = drafted(place)
    attached(place, id)
    with pytest.raises(Invalid, match="已经添加过"):
        attached(place, id, "换个名字.pdf")
    for n in range(9):
        attached(place, id, f"附件{n}.pdf", PDF + bytes([n]))
    with pytest.raises(Invalid, match="最多 10 个附件"):
        attached(place, id, "第十一个.pdf", PDF + b"more")


def test_names_lead_nowhere(place, people):
    id = drafted(place)
    file = attached(place, id, '../../etc/"计划".pdf')
    assert read(place, people.clerk, file)[0] == "_计划_.pdf"
