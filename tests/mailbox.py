"""A mail server and a gateway for short messages, as others run them: they listen on this machine and keep what they are given."""

from __future__ import annotations

import json
import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class MailServer:
    """Speaks SMTP. `answers` to RCPT are given one after another, then 250 for all; `breaks_off`: says nothing after DATA."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: list[str] = []
        self.breaks_off = False
        mail = self

        class Session(socketserver.StreamRequestHandler):
            def say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

            def handle(self) -> None:
                self.say("220 here")
                while line := self.rfile.readline():
                    word = line[:4].upper().strip().decode()
                    if word == "QUIT":
                        return self.say("221 bye")
                    if word == "RCPT":
                        self.say(mail.answers.pop(0) if mail.answers else "250 ok")
                    elif word == "DATA":
                        self.say("354 go on")
                        mail.letters.append(self.letter())
                        if mail.breaks_off:
                            return None
                        self.say("250 taken")
                    else:
                        self.say("250 ok")
                return None

            def letter(self) -> EmailMessage:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b"..") else line)
                return message_from_bytes(b"".join(lines), policy=policy.default)  # type: ignore[return-value]

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def texts(self) -> list[str]:
        return [letter.get_content() for letter in self.letters]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class SmsGateway:
    """Takes short messages over HTTP, each id once. `answers` are statuses, given one after another, then 200 for all."""

    def __init__(self) -> None:
        self.taken: dict[str, dict[str, Any]] = {}
        self.keys: set[str] = set()
        self.answers: list[int] = []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.keys.add(self.headers["Authorization"])
                status = gateway.answers.pop(0) if gateway.answers else 200
                if status == 200:
                    gateway.taken.setdefault(said["id"], said)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/sms"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def texts(self) -> list[str]:
        return [said["text"] for said in self.taken.values()]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
