"""The event bus: CloudEvents over a topic exchange, on RabbitMQ or in memory."""
