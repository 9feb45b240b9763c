"""Somebody at a browser, without a browser: opens pages, and sends forms with the token that the page gave."""

from __future__ import annotations

import re
from typing import Any

PASSWORD = "a-long-password"


class Browser:
    """Signed in as somebody; sends forms with the page's token."""

    def __init__(self, web: Any, login: str, password: str = PASSWORD) -> None:
        self.browser = web.browser()
        self.posts("/sign-in", login=login, password=password)

    def gets(self, path: str) -> Any:
        return self.browser.get(path)

    def reads(self, path: str) -> str:
        return str(self.browser.get(path, follow_redirects=True).text)

    def posts(self, path: str, **data: str) -> Any:
        page = self.browser.get("/search" if path != "/sign-in" else path).text
        (token,) = re.findall(r'csrf-token" content="([^"]+)"', page)
        return self.browser.post(path, data={"csrf_token": token, **data})

    def sends(self, path: str, **data: str) -> str:
        """What is read after the form was taken."""
        answer = self.posts(path, **data)
        assert answer.status_code == 303, answer.text
        return self.reads(answer.headers["Location"])
