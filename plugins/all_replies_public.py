"""答复全部公开 (Publicity 2018): whatever the unit replies is public; an exception needs the head's reason."""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, Evidence, TrackStep
from services.gateway.hooks import Order
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl


class AllRepliesPublic(Plugin):
    name, label, source = "all_replies_public", "答复全部公开", "省委宣传部，2018年交办会发言"
    summary = "答复一律主动公开；不公开的，由单位负责人写明理由后才能签发；可以让系统在办结时自动公开。"
    places = ("congress", "unit")
    settings = {
        "exceptions": f.yes("允许负责人说明理由后不公开", default=True),
        "publish_closed": f.yes("人大启用时，办结的建议由系统自动公开（不含代表评价）"),
    }

    @hookimpl
    def track_steps(self, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint":
            return []
        return [
            TrackStep(
                "public", "答复主动公开，或由负责人写明不公开的理由", who="unit_head", before=("approve_reply",), evidence=Evidence("public_draft"),
                blanks=(Blank("不公开的理由"),), by_hand=settings["exceptions"],
            )
        ]  # fmt: skip

    @hookimpl
    def on_event(self, type: str, settings: dict[str, Any]) -> list[Order]:
        """Where the congress has it so: what is closed is public the same day, without how it was judged."""
        if type != "suggestion.closed.v1" or not settings["publish_closed"]:
            return []
        return [Order("publish_suggestion", {"with_feedback": False}, "本级规定答复全部公开，办结即公开")]


PLUGIN = AllRepliesPublic
