/**
 * The measure of `ingest.bench.ts`: bare `node:http` that reads the body and answers 202, keeping nothing. With the
 * argument `parse` it also parses the body, as every collector must.
 */
import { createServer } from "node:http";

const isParsing = process.argv[2] === "parse";

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    if (isParsing && body.length > 0) JSON.parse(body.toString());
    response.writeHead(202, { "Content-Type": "application/json" });
    response.end('{"ok":true}');
  });
});

server.listen(Number(process.env.PORT), "127.0.0.1");
