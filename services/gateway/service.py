"""The gateway on the network, and the port that people and programs come in by."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import eventlet
import eventlet.wsgi
from eventlet.semaphore import Semaphore

from services.gateway.app import create_app
from services.gateway.calls import Calls
from services.gateway.handlers import handlers
from services.gateway.messages.post import Post
from services.gateway.orders import Errands
from services.gateway.webhooks.dispatcher import Dispatcher
from shared.identity import SYSTEM
from shared.service import Backbone, Service, listen
from shared.trace import new_trace

MOST_CONNECTIONS = 2000  # browsers keep several open without using them
MOST_REQUESTS = 200  # carried out at the same time; more wait their turn
KEEP_ALIVE_SECONDS = 75.0  # longer than a proxy in front keeps a connection it may use again
SOCKET_SECONDS = 60.0  # a client that sends or takes nothing for so long is gone
STOP_SECONDS = 10.0  # requests that run when the gateway stops may take so long to finish


class FrontDoor(Backbone):
    """The gateway's backbone with a web server beside it."""

    def setup(self) -> None:
        super().setup()
        settings = self.runtime.settings
        # Early: a port that is taken should be told before anything has begun.
        self._door = listen(settings.host, settings.port, backlog=256)
        self.app = create_app(self.runtime, self.network)
        gateway = self.app.extensions["jianyi"]
        calls = Calls(self.network, gateway.tokens, SYSTEM, new_trace())
        self.dispatcher = Dispatcher(self.runtime, calls, gateway.lookout)
        self.post = Post(self.runtime)
        self.errands = Errands(
            self.runtime, lambda who: Calls(self.network, gateway.tokens, who, new_trace())
        )
        # Accepted connections inherit this: without it the end of an answer waits 40 ms for the client's delayed ACK.
        self._door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connections = eventlet.GreenPool(MOST_CONNECTIONS)
        self._places = Semaphore(MOST_REQUESTS)

    def start(self) -> None:
        super().start()
        self.container.spawn_managed_thread(self._dispatch, identifier="webhooks")
        if self.post.channels:
            self.container.spawn_managed_thread(self.post.run, identifier="messages")
        if self.runtime.hooks.answered_by("on_event"):
            self.container.spawn_managed_thread(self._run_errands, identifier="orders")
        self._serving = self.container.spawn_managed_thread(self._serve, identifier="http")

    def stop(self) -> None:
        """Graceful: nobody new is let in, who is being served is served."""
        self._serving.kill()  # closes idle connections
        self._door.close()
        with eventlet.Timeout(STOP_SECONDS, False):
            self._connections.waitall()
        self.dispatcher.stop()
        self.post.stop()
        self.errands.stop()
        super().stop()

    def _dispatch(self) -> None:
        self.network.reply_listener.consumer.wait_until_consumer_ready()
        self.dispatcher.run()

    def _run_errands(self) -> None:
        self.network.reply_listener.consumer.wait_until_consumer_ready()
        self.errands.run()

    def _serve(self) -> None:
        self.network.reply_listener.consumer.wait_until_consumer_ready()  # or the first answers would be lost
        eventlet.wsgi.server(
            self._door,
            self._answer,
            custom_pool=self._connections,
            keepalive=KEEP_ALIVE_SECONDS,
            socket_timeout=SOCKET_SECONDS,
            log_output=False,
            debug=False,
        )

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            environ["wsgi.input_terminated"] = True  # eventlet finds the end of such a body
        with self._places:
            return self.app(environ, start_response)


class GatewayService(Service):
    """The way in: pages, REST, sign-in."""

    name = "gateway"
    backbone = FrontDoor(handlers)
