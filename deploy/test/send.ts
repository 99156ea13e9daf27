import { type IncomingHttpHeaders, request } from "node:http";

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Address of 127.0.0.0/8 to come from: each is a client of its own to the edge. */
  readonly from?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Every value of a header, in order: a doubled header shows. */
  readonly all: (name: string) => string[];
  readonly body: string;
}

/**
 * One request on a connection of its own, with the path sent as it is written. `fetch` would tidy up the path, and
 * can neither choose where it comes from nor show a header that was sent twice.
 */
export function send(target: { host: string; port: number }, path: string, options: SendOptions = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, from } = options;
  const isChunked = headers["Transfer-Encoding"] === "chunked";
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: target.host,
      port: target.port,
      path,
      method,
      agent: false,
      headers: {
        ...headers,
        ...(body !== undefined && !isChunked && { "Content-Length": String(Buffer.byteLength(body)) }),
      },
      ...(from !== undefined && { localAddress: from }),
    });
    // After an answer that came before the body was sent (413), the rest of the body has nowhere to go: not a failure,
    // and `reject` after `resolve` does nothing.
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          all: (name) => incoming.headersDistinct[name.toLowerCase()] ?? [],
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.end(body);
  });
}
