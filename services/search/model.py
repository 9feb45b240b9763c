"""What search knows of one suggestion, gathered from events in whatever order they come."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from services.search.engine import Document
from shared.in_hand import people_of
from shared.leading import Succession
from shared.terms import LIFE, PART, PUBLICITY, SATISFACTION

STATE_AFTER = {
    "suggestion.submitted": "submitted",
    "suggestion.returned": "returned",
    "suggestion.lettered": "lettered",
    "handup.made": "handed_up",
    "handup.declined": "submitted",
    "suggestion.merged": "merged",
    "suggestion.split": "split",
    "suggestion.accepted": "accepted",
    "suggestion.assigned": "assigned",
    "task.signed": "handling",
    "plan.made": "handling",
    "reply.issued": "replied",
    "rehandling.ordered": "rehandling",
    "suggestion.reopened": "rehandling",
    "suggestion.closed": "closed",
    "suggestion.published": "published",
}
LIFE_ORDER = list(LIFE)
KEY_DECISIONS = ("suggestion.designated", "key.changed", "key.released")
KEY_MARK = ("theme", "leading_supervisor", "sponsor", "committee", "decided_on")


@dataclass(frozen=True)
class Named:
    id: str


def take_in(dossier: dict[str, Any], event: dict[str, Any]) -> None:
    """Add to the dossier what an event says. The later event wins, whichever arrives first."""
    name, data, time = event["type"].rpartition(".")[0], event["data"], event["time"]
    if name in STATE_AFTER:
        _advance(dossier, STATE_AFTER[name], time)
    elif name == "reply.refused":
        _advance(dossier, "rehandling" if data["round"] > 1 else "handling", time)
        dossier.setdefault("refused", {})[data["reply"]] = time
    if name in ("suggestion.submitted", "suggestion.accepted") and time >= dossier.get("text_at", ""):
        dossier["text_at"] = time
        dossier["text"] = {key: value for key, value in data.items() if key != "by"}
    elif name == "suggestion.corrected" and event["sequence"] > dossier.get("corrected", {}).get("told", 0):
        shown = {key: data[key] for key in ("title", "kind", "category")}
        dossier["corrected"] = {"told": event["sequence"], "at": time, "text": shown}
    elif name == "lead.replaced":
        kept = Succession(**dossier.get("succession", {}))
        kept.hear(event["sequence"], data["before"], data["lead"])
        dossier["succession"] = asdict(kept)
    elif name in KEY_DECISIONS and event["sequence"] > dossier.get("key_told", 0):
        dossier["key_told"] = event["sequence"]
        dossier.pop("key", None)
        if name != "key.released":
            dossier["key"] = {key: data[key] for key in KEY_MARK}
    elif name == "suggestion.assigned":
        dossier.setdefault("units", {}).update(
            {task["unit"]["id"]: task["unit"]["name"] for task in data["tasks"]}
        )
        _add_deputies(dossier, data["deputies"])
    if name in ("suggestion.assigned", "task.distributed") and event["sequence"] > dossier.get(
        "readers_told", 0
    ):
        dossier["readers"], dossier["readers_told"] = people_of(data), event["sequence"]
    elif name == "return.approved" and data["role"] not in PART:
        dossier.setdefault("gone_units", {})[data["unit"]["id"]] = time
    elif name == "reply.issued":
        dossier.setdefault("replies", {})[data["reply"]] = {
            key: value for key, value in data.items() if key != "by"
        }
        _add_deputies(dossier, data["deputies"])
    elif name == "reply.reclassified":
        classes = dossier.setdefault("classes", {})
        if time >= classes.get(data["reply"], {"time": ""})["time"]:
            names = {"reply_class": data["reply_class"], "class_words": data.get("class_words", "")}
            classes[data["reply"]] = {**names, "time": time}
    elif name == "reply.supplemented":
        told = dossier.setdefault("supplements", {}).setdefault(data["reply"], {})
        told[data["supplement"]] = {"on": data["supplemented_on"], "text": data["text"]}
    elif name == "reply.forwarded":
        _add_deputies(dossier, data["deputies"])
    elif name == "feedback.given":
        dossier.setdefault("feedback", {})[f"{data['reply']}/{data['deputy']['id']}"] = data
    elif name == "suggestion.honoured":
        dossier["honours"] = sorted({*dossier.get("honours", []), data["name"]})
    elif name == "experience.shared" and event["sequence"] > dossier.get("experience", {}).get("told", 0):
        dossier["experience"] = {"told": event["sequence"], "text": data["text"]}
    elif name == "suggestion.published":
        dossier["published"] = {name: data[name] for name in ("with_feedback", "judgements") if name in data}
        dossier["published"]["on"] = data["published_on"]
        if time >= dossier.get("reopened", {}).get("time", ""):
            dossier.pop("reopened", None)
    elif name == "suggestion.reopened":
        known = {"time": time, "on": data["reopened_on"], "task": data["task"], "round": data["round"]}
        dossier["reopened"] = known


def text_of(dossier: dict[str, Any]) -> dict[str, Any] | None:
    """The text as it was told last, with what was corrected since; None while it has not arrived."""
    text, corrected = dossier.get("text"), dossier.get("corrected")
    if text is None:
        return None
    if corrected and corrected["at"] >= dossier["text_at"]:
        text = {**text, **corrected["text"]}
    return {**text, **_led(text, dossier["succession"])} if "succession" in dossier else text


def _led(text: dict[str, Any], succession: dict[str, Any]) -> dict[str, Any]:
    people = {person["id"]: person for person in (text["lead"], *text["cosigners"], succession["lead"])}
    kept = Succession(**succession).after([Named(id) for id in people], Named(succession["lead"]["id"]))
    lead, *cosigners = (people[one.id] for one in kept)
    return {"lead": lead, "cosigners": cosigners}


def document(id: str, congress: str, dossier: dict[str, Any]) -> Document | None:
    """The document to index; None while its text has not arrived."""
    text = text_of(dossier)
    if text is None:
        return None
    replies = newest_replies(dossier)
    units = {
        unit: name
        for unit, name in dossier.get("units", {}).items()
        if unit not in dossier.get("gone_units", {})
    }
    people = {
        person["id"]: person["name"]
        for person in [text["lead"], *text["cosigners"], *dossier.get("deputies", [])]
    }
    return Document(
        id=id,
        congress=congress,
        year=text.get("year") or int(text["submitted_on"][:4]),
        session=text["session"],
        number=text.get("number", ""),
        title=text["title"],
        body="\n".join((text["situation"], text["analysis"], text["proposals"])),
        public_reply="\n".join(reply["text"] for reply in replies if reply["publicity"] == "public"),
        private_reply="\n".join(reply["text"] for reply in replies if reply["publicity"] != "public"),
        kind=text["kind"],
        category=text["category"],
        state=dossier.get("state", "submitted"),
        deputies=list(people.values()),
        deputy_ids=list(people),
        units=list(units.values()),
        unit_ids=list(units),
        reader_ids=[unit for unit in dossier.get("readers", []) if unit not in units],
        reply_class=replies[0]["reply_class"] if replies else "",
        key="key" in dossier,
        published="published" in dossier,
        submitted_on=date.fromisoformat(text["submitted_on"]),
        honours=dossier.get("honours", []),
    )


def public_page(id: str, congress: str, dossier: dict[str, Any]) -> dict[str, Any] | None:
    """What everybody may read of a published suggestion; None while it is not published."""
    text, published = text_of(dossier), dossier.get("published")
    if text is None or published is None:
        return None
    reopened = dossier.get("reopened", {})
    replies = newest_replies(dossier, until=reopened)  # what is replied since is not published yet
    public = {reply["reply"]: reply for reply in replies if reply["publicity"] == "public"}
    given = _public_judgements(dossier, set(public)) if published["with_feedback"] else []
    return {
        "id": id, "congress": congress, "published_on": published["on"], "reopened_on": reopened.get("on", ""),
        **{key: text[key] for key in ("title", "situation", "analysis", "proposals", "kind", "category", "session")},
        "number": text.get("number", ""), "lead": text["lead"]["name"],
        "cosigners": [person["name"] for person in text["cosigners"]], "delegation": text["delegation"], "key": dossier.get("key"),
        "honours": dossier.get("honours", []), "experience": dossier.get("experience", {}).get("text", ""),
        "units": list(dossier.get("units", {}).values()),
        "replies": [
            {key: reply[key] for key in ("document_number", "reply_class", "class_words", "text", "issued_on")} | {"unit": reply["unit"]["name"], "supplements": _supplements(dossier, reply), "attachments": _attachments(reply)}
            for reply in public.values()
        ],
        "withheld": [
            {"unit": reply["unit"]["name"], "publicity": PUBLICITY[reply["publicity"]]}
            for reply in replies if reply["publicity"] != "public"
        ],
        "feedback": [
            {"deputy": f["deputy"], "process": SATISFACTION[f["process"]], "result": SATISFACTION[f["result"]]} for f in given
        ],
    }  # fmt: skip


def _public_judgements(dossier: dict[str, Any], replies: set[str]) -> list[dict[str, str]]:
    """What evaluation told to be public; of what was published before it told so, each judgement with its name."""
    if "judgements" in dossier["published"]:
        return [f for f in dossier["published"]["judgements"] if f["reply"] in replies]
    judged = [f for f in dossier.get("feedback", {}).values() if f["reply"] in replies]
    return [{**f, "deputy": f["deputy"]["name"]} for f in judged]


def _attachments(reply: dict[str, Any]) -> list[dict[str, Any]]:
    """The files that may be read with a public reply."""
    names = ("attachment", "name", "type", "size")
    return [{name: file[name] for name in names} for file in reply.get("attachments", ()) if file["public"]]


def _supplements(dossier: dict[str, Any], reply: dict[str, Any]) -> list[dict[str, str]]:
    """What the unit answered afterwards, in order."""
    return sorted(dossier.get("supplements", {}).get(reply["reply"], {}).values(), key=lambda one: one["on"])


def newest_replies(dossier: dict[str, Any], until: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Each unit's reply of the last round with its class as it is now, the lead unit's first; none that was sent back, and,
    with `until`, of that task none after that round."""
    newest: dict[str, dict[str, Any]] = {}
    for id, issued in dossier.get("replies", {}).items():
        is_later = until and issued["task"] == until["task"] and issued["round"] > until["round"]
        if id in dossier.get("refused", {}) or is_later:
            continue
        now = dossier.get("classes", {}).get(id, issued)
        reply = issued | {"reply_class": now["reply_class"], "class_words": now.get("class_words", "")}
        unit = reply["unit"]["id"]
        if unit not in newest or reply["round"] > newest[unit]["round"]:
            newest[unit] = reply
    return sorted(newest.values(), key=lambda reply: (reply["role"] != "lead", reply["unit"]["name"]))


def _advance(dossier: dict[str, Any], state: str, time: str) -> None:
    """Later in time wins; at the same moment, what is later in life."""
    before = (dossier.get("state_at", ""), LIFE_ORDER.index(dossier["state"]) if "state" in dossier else -1)
    if (time, LIFE_ORDER.index(state)) >= before:
        dossier["state"], dossier["state_at"] = state, time


def _add_deputies(dossier: dict[str, Any], deputies: list[dict[str, str]]) -> None:
    known = {person["id"]: person for person in dossier.get("deputies", [])}
    dossier["deputies"] = list((known | {person["id"]: person for person in deputies}).values())
