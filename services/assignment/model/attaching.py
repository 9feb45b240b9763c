"""Files that go with a reply (附件): attached while it is drafted, they leave with it and are not changed afterwards."""

from __future__ import annotations

import hashlib
from datetime import datetime

from services.assignment.model.dossier import Dossier
from services.assignment.model.reply import Attachment
from services.assignment.model.task import Task
from shared.aggregate import new_id
from shared.clock import legal_date
from shared.files import plain_name, type_of
from shared.identity import Actor
from shared.problems import Invalid

MOST_FILES = 10


class Attaching(Dossier):
    """The part of a handling that keeps what is attached. The contents are kept beside it, by the attachment's id."""

    def attach_file(
        self, task_id: str, name: str, content: bytes, public: bool, by: Actor, now: datetime
    ) -> Attachment:
        """Attach a file to the reply that is being prepared; with `public` it is published where the reply is."""
        task = self.task_for("attach_file", task_id, by)
        if len(task.attachments) >= MOST_FILES:
            raise _wrong(f"一份答复最多 {MOST_FILES} 个附件。")
        name, checksum = plain_name(name), hashlib.sha256(content).hexdigest()
        try:
            type = type_of(name, content)
        except ValueError as error:
            raise _wrong(str(error)) from error
        if same := next((file for file in task.attachments if file.checksum == checksum), None):
            raise _wrong(f"这个文件已经添加过（{same.name}）。")
        file = Attachment(new_id(), name, type, len(content), checksum, public, legal_date(now), by.name)
        task.attachments.append(file)
        self.tell("file.attached", "添加答复附件", task, by, now, **file.as_data())
        return file

    def remove_file(self, task_id: str, file_id: str, by: Actor, now: datetime) -> None:
        task = self.task_for("remove_file", task_id, by)
        file = next((file for file in task.attachments if file.id == file_id), None)
        if file is None:
            raise Invalid("没有找到这个附件。", {"attachment": ["没有找到这个附件，请刷新页面后重新选择。"]})
        task.attachments.remove(file)
        self.tell("file.removed", "移除答复附件", task, by, now, **file.as_data())

    def file_for(self, id: str, actor: Actor) -> Attachment | None:
        """The attachment, if the person may read it: with a reply who reads the reply, before that who reads the draft."""
        for task in self.tasks:
            if self.is_shown(task, actor):
                shown = [file for reply in task.replies for file in reply.attachments]
                shown += task.attachments if self.reads_draft(task, actor) else []
                if found := next((file for file in shown if file.id == id), None):
                    return found
        return None

    def reads_draft(self, task: Task, actor: Actor) -> bool:
        return bool(task.relations(actor)) or self.shows_draft(task, actor)

    @property
    def public_files(self) -> list[str]:
        """The ids of those that everybody may read: of replies that stand, are public, and whose suggestion is published."""
        replies = [task.standing_reply for task in self.live_tasks if self.is_published]
        return [
            file.id
            for reply in replies
            if reply and reply.publicity == "public"
            for file in reply.attachments
            if file.public
        ]


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, {"file": [sentence]})
