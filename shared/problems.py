"""Refusals in the user's words: what is wrong, where, and what to do.

A service never lets one of these cross the bus as an exception: it is packed with `to_problem` into
problem details (RFC 9457) and raised again on the other side with `from_problem`.
"""

from __future__ import annotations

import errno
import os
from typing import Any, ClassVar


class Problem(Exception):
    """Base of all refusals. `detail` is a Chinese sentence for the user; `errors` maps a field to its sentences."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "problem"
    title: ClassVar[str] = "请求有误"

    def __init__(self, detail: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or {}

    def to_problem(self) -> dict[str, Any]:
        """Problem details as RFC 9457 names them, plus `errors` by field."""
        body: dict[str, Any] = {
            "type": f"urn:jianyi:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = self.errors
        return body


class Invalid(Problem):
    """What was sent cannot be understood or breaks a rule about its content."""

    status, code, title = 422, "invalid", "填写的内容有误"


class NotSignedIn(Problem):
    """No token, or one that is expired or forged."""

    status, code, title = 401, "not-signed-in", "请先登录"


class NotAllowed(Problem):
    """The person is known, and may see the thing, but not do this to it."""

    status, code, title = 403, "not-allowed", "没有权限"


class NotFound(Problem):
    """There is no such thing, or none for the person who asks: both look the same."""

    status, code, title = 404, "not-found", "没有找到"


class WrongState(Problem):
    """The thing is in a state in which this cannot be done; the detail says what can."""

    status, code, title = 409, "wrong-state", "现在不能这样办理"


class Stale(Problem):
    """Somebody else was faster: the form was filled in for an older version."""

    status, code, title = 409, "stale", "内容已被他人更新"


class Unavailable(Problem):
    """A part of the network did not answer; nothing was done, or a repeat with the same key is safe."""

    status, code, title = 503, "unavailable", "系统暂时无法办理"


_SYSTEM_WORDS = {
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "这台电脑没有这个地址",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EEXIST: "已经有同名的文件",
}


def system_words(error: OSError) -> str:
    """What the operating system refused, in the user's words."""
    number = error.errno or 0
    return _SYSTEM_WORDS.get(number) or (os.strerror(number) if number else str(error))


BY_CODE: dict[str, type[Problem]] = {
    cls.code: cls
    for cls in (Problem, Invalid, NotSignedIn, NotAllowed, NotFound, WrongState, Stale, Unavailable)
}


def from_problem(body: dict[str, Any]) -> Problem:
    """The exception that `to_problem` packed."""
    code = str(body.get("type", "")).rpartition(":")[2]
    return BY_CODE.get(code, Problem)(body.get("detail", ""), body.get("errors"))
