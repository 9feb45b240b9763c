// Appends every event of one account to a file, once:  SUBSCRIBER_URL=amqps://… node subscriber.js events.jsonl
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import amqp from "amqplib";

const url = process.env.SUBSCRIBER_URL;
const queue = new URL(url).username; // called as the account, and there already: nothing to declare, nothing to bind
const file = process.argv[2];
const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
const handled = new Set(lines.map((line) => JSON.parse(line).id));

function handle(event) {
  // Your work; ignore types and fields that you do not know. Here one write keeps both the id and the result:
  // with a database, put both into one transaction.
  appendFileSync(file, JSON.stringify(event) + "\n");
  handled.add(event.id);
  console.log(event.time, event.type, event.subject);
}

function stop(reason) {
  console.error(reason); // whatever runs this program starts it again; what was not acknowledged comes again
  process.exit(1);
}

async function setup(connection) {
  const channel = await connection.createChannel();
  channel.on("error", stop);
  await channel.prefetch(50);
  await channel.consume(queue, (message) => {
    if (message === null) return stop("The account was closed.");
    try {
      const event = JSON.parse(message.content);
      if (!handled.has(event.id)) handle(event);
    } catch (error) {
      return stop(error);
    }
    channel.ack(message); // only now: dying before this, the event comes again
  });
}

// Connects again by itself, and finds what came meanwhile in the queue.
const connection = await amqp.connect(url, { recovery: { setup, maxRetries: Infinity, maxDelay: 10_000 } });
connection.on("error", (error) => console.error(error.message));
