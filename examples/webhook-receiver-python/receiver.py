"""Takes events that are sent to it into a SQLite file, once:  WEBHOOK_SECRET=whsec_… python receiver.py events.db 8080"""

import json
import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

LARGEST = 1_000_000
webhook = Webhook(os.environ["WEBHOOK_SECRET"])
database = sqlite3.connect(sys.argv[1])
with database:
    database.execute("CREATE TABLE IF NOT EXISTS handled (id TEXT PRIMARY KEY)")
    database.execute("CREATE TABLE IF NOT EXISTS news (type TEXT, subject TEXT, event TEXT)")


def handle(event):  # your work; ignore types and fields that you do not know
    database.execute(
        "INSERT INTO news VALUES (?, ?, ?)", [event["type"], event["subject"], json.dumps(event)]
    )
    print(event["time"], event["type"], event["subject"], flush=True)


class Receiver(BaseHTTPRequestHandler):
    timeout = 10  # seconds; whoever says nothing must not keep the others waiting

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            return self.answer(413)
        body = self.rfile.read(int(length))  # as it came: written anew, the signature would not fit
        try:
            event = webhook.verify(body, dict(self.headers))
        except (
            WebhookVerificationError,
            ValueError,
        ):  # forged, changed on the way, or older than five minutes
            return self.answer(401)
        with database:  # one transaction: the id is kept exactly when the work is done
            if database.execute("INSERT OR IGNORE INTO handled VALUES (?)", [event["id"]]).rowcount:
                handle(event)
        self.answer(204)  # only now: with any other answer, or none, it is sent again

    def answer(self, status):
        self.send_response(status)
        self.end_headers()


# Put a server with TLS in front of it, which passes on what comes for this address.
HTTPServer(("127.0.0.1", int(sys.argv[2])), Receiver).serve_forever()
