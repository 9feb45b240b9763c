"""Real RabbitMQ, PostgreSQL and Elasticsearch on free loopback ports, for tests and for trying things out.

    with real_servers(Path("var/servers"), fast=True) as servers:
        connect(servers.broker, servers.database, servers.search)
        servers.rabbitmq.kill()   # as a power cut would
        servers.rabbitmq.start()  # same port, same data

Not for production: the servers trust whoever reaches them, and only this computer does.
"""

from servers.packages import chromium_path
from servers.real import RealServers, real_servers
from servers.server import ServerFailed

__all__ = ["RealServers", "ServerFailed", "chromium_path", "real_servers"]
