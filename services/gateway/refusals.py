"""What goes wrong between a browser or program and the services, said in the user's words."""

from __future__ import annotations

from typing import Any, ClassVar

import flask
import orjson
import structlog
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, UnsupportedMediaType

from shared.problems import NotFound, NotSignedIn, Problem, Unavailable

log = structlog.get_logger()

PROBLEM_JSON = "application/problem+json"


class BadRequest(Problem):
    """The request itself cannot be read."""

    status, code, title = 400, "bad-request", "请求无法识别"


class Forged(Problem):
    """The form does not come from a page of ours, or from one that was open for too long."""

    status, code, title = 400, "forged", "页面已失效"


class WrongMethod(Problem):
    """The address exists, but not for this method."""

    status, code, title = 405, "wrong-method", "不支持这种请求方式"

    def __init__(self, method: str, usable: list[str]) -> None:
        super().__init__(f"这个地址不接受 {method} 请求；可以使用：{'、'.join(usable)}。")
        self.usable = usable


class TooLarge(Problem):
    """More was sent than is taken."""

    status, code, title = 413, "too-large", "内容过大"


class NotJson(Problem):
    """The body is of another type than JSON."""

    status, code, title = 415, "not-json", "请求内容的格式不对"


class TooManyTries(Problem):
    """Too many wrong passwords; `seconds` says how long to wait."""

    status, code, title = 429, "too-many-tries", "登录次数过多"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"登录失败次数过多，请 {seconds} 秒后再试。忘记密码请联系本级管理员。")
        self.seconds = seconds


class Failed(Problem):
    """A fault of ours: logged, with the trace that the response names."""

    status, code, title = 500, "failed", "系统出错"


class OtherTrouble(Problem):
    """Whatever else HTTP knows, with the status that HTTP gives it."""

    code: ClassVar[str] = "other"

    def __init__(self, status: int) -> None:
        super().__init__(f"请求没有办成（HTTP {status}）。")
        self.status = status  # type: ignore[misc]


def failed() -> Failed:
    return Failed("系统出错了，已经记录。请稍后再试；如果仍然出错，请联系运维人员。")


def as_problem(error: Exception) -> Problem:
    """The refusal that stands for any exception; what nobody foresaw is logged."""
    match error:
        case Problem():
            return error
        case CSRFError():
            return Forged("页面打开时间过长，或者请求不是从本系统的页面发出的。请刷新页面后重新提交。")
        case MethodNotAllowed():
            return WrongMethod(flask.request.method, sorted(error.valid_methods or ()))
        case RequestEntityTooLarge():
            most = (flask.request.max_content_length or 0) // 2**20
            return TooLarge(f"内容超过了 {most} MB，请分批提交。")
        case UnsupportedMediaType():
            return NotJson("请求内容应当是 JSON(Content-Type: application/json)。")
        case HTTPException(code=404):
            return NotFound("没有这个地址。")
        case HTTPException(code=400):
            return BadRequest("请求无法识别，请检查后重新发送。")
        case HTTPException(code=int(code)) if code < 500:
            return OtherTrouble(code)
    log.error("request failed", path=flask.request.path, trace=flask.g.get("traceparent"), exc_info=error)
    return failed()


def as_json(problem: Problem) -> flask.Response:
    """Problem details (RFC 9457)."""
    body: dict[str, Any] = problem.to_problem() | {"instance": flask.request.path}
    response = flask.Response(
        orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS), problem.status, content_type=PROBLEM_JSON
    )
    response.headers.update(_headers(problem))
    return response


def _headers(problem: Problem) -> dict[str, str]:
    """What HTTP wants said beside the problem."""
    match problem:
        case NotSignedIn():
            return {"WWW-Authenticate": 'Bearer realm="jianyi"'}
        case WrongMethod():
            return {"Allow": ", ".join(problem.usable)}
        case TooManyTries():
            return {"Retry-After": str(problem.seconds)}
        case TooLarge():
            return {"Connection": "close"}  # rather than read through all that is still coming
        case Unavailable():
            return {"Retry-After": "3"}
    return {}
