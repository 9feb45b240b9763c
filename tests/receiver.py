"""A receiver of webhooks, as another system would run one: checks signatures with the specification's own library."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver:
    """Listens on this machine. `answers` are given one after another, then 204 for all; each (status, body, headers)."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []  # {id, event, headers} of what was signed rightly
        self.forged = 0
        self.secrets: list[str] = []
        self.answers: list[tuple[int, str, dict[str, str]]] = []
        self.hold = threading.Event()  # answers come once it is set
        self.hold.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                receiver.hold.wait(30)
                receiver.take(dict(self.headers.items()), body)
                status, text, headers = receiver.answers.pop(0) if receiver.answers else (204, "", {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, headers: dict[str, str], body: str) -> None:
        lower = {name.lower(): value for name, value in headers.items()}
        for secret in self.secrets:
            try:
                event = Webhook(secret).verify(body, lower)
            except WebhookVerificationError:
                continue
            self.taken.append({"id": lower["webhook-id"], "event": event, "headers": lower})
            return
        self.forged += 1

    def types(self) -> list[str]:
        return [taken["event"]["type"] for taken in self.taken]

    def close(self) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()


def freed_address() -> str:
    """An address at which nobody listens any more."""
    receiver = Receiver()
    receiver.close()
    return receiver.url
