"""Takes every event of one account into a SQLite file, once:  SUBSCRIBER_URL=amqps://… python subscriber.py events.db"""

import json
import os
import sqlite3
import sys
from urllib.parse import urlsplit

from kombu import Connection, Queue
from kombu.mixins import ConsumerMixin


class Subscriber(ConsumerMixin):  # connects again by itself, and finds what came meanwhile in the queue
    def __init__(self, connection, file):
        self.connection = connection
        self.database = sqlite3.connect(file)
        with self.database:
            self.database.execute("CREATE TABLE IF NOT EXISTS handled (id TEXT PRIMARY KEY)")
            self.database.execute("CREATE TABLE IF NOT EXISTS news (type TEXT, subject TEXT, event TEXT)")

    def get_consumers(self, Consumer, channel):
        # The queue is called as the account, and is there already: nothing to declare, nothing to bind.
        queue = Queue(urlsplit(os.environ["SUBSCRIBER_URL"]).username, no_declare=True)
        return [Consumer([queue], on_message=self.on_message, prefetch_count=50)]

    def on_message(self, message):
        event = json.loads(message.body)
        with self.database:  # one transaction: the id is kept exactly when the work is done
            if self.database.execute("INSERT OR IGNORE INTO handled VALUES (?)", [event["id"]]).rowcount:
                self.handle(event)
        message.ack()  # only now: dying before this, the event comes again

    def handle(self, event):  # your work; ignore types and fields that you do not know
        self.database.execute(
            "INSERT INTO news VALUES (?, ?, ?)", [event["type"], event["subject"], json.dumps(event)]
        )
        print(event["time"], event["type"], event["subject"], flush=True)


with Connection(os.environ["SUBSCRIBER_URL"], heartbeat=30) as connection:
    Subscriber(connection, sys.argv[1]).run()
