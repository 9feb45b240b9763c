// Prints what AsyncAPI's own parser has to say against a document, as a JSON list of sentences.
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const { diagnostics } = await new Parser().parse(await readFile(process.argv[2], "utf8"));
const faults = diagnostics.filter(({ severity }) => severity <= 1); // errors and warnings; not hints
console.log(JSON.stringify(faults.map(({ message, path }) => `${path.join("/")}: ${message}`)));
