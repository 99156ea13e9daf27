import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { startS3Server } from "../../test/s3-server.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { type ArchiveSettings, createArchive } from "./create-archive.ts";

const NAME = "metrics-2026-10-01.1.jsonl.gz";
const SETTINGS = { region: "us-east-1", accessKeyId: "key-id", secretAccessKey: "very-s3cret" };

function fileOf(content: string | Buffer): string {
  const path = join(tempFolder(), NAME);
  writeFileSync(path, content);
  return path;
}

async function objectOf({ url, ...credentials }: ArchiveSettings): Promise<string> {
  const answer = await new AwsClient({ ...credentials, service: "s3" }).fetch(`${url}/${NAME}`);
  return answer.status === 200 ? answer.text() : `${answer.status}`;
}

/** A bucket that answers what it is told to. */
async function fakeBucket(answer: RequestListener): Promise<ArchiveSettings> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  return { ...SETTINGS, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket` };
}

describe("an archive in a store that speaks S3", () => {
  test("holds the file under its bare name, and the same after a second time", async () => {
    const settings = await startS3Server();
    const archiveFile = createArchive(settings);
    const content = "x".repeat(300_000);
    await archiveFile(fileOf(content));
    expect(await objectOf(settings)).toBe(content);
    await archiveFile(fileOf("other"));
    await createArchive({ ...settings, url: `${settings.url}/` })(fileOf("other"));
    expect(await objectOf(settings)).toBe("other");
  });

  test("refuses a wrong secret, whose signature does not match, and says no more than that", async () => {
    const settings = await startS3Server();
    const archiving = createArchive({ ...settings, secretAccessKey: "very-s3cret" })(fileOf("x"));
    const error: Error = await archiving.then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error).toMatchObject({ name: "ArchiveError", code: "403 SignatureDoesNotMatch" });
    expect(`${error.stack}${JSON.stringify(error)}${String(error.cause)}`).not.toContain("s3cret");
    expect(await objectOf(settings)).toBe("404");
  });

  test("is refused where there is no such bucket", async () => {
    const settings = await startS3Server();
    const archiving = createArchive({ ...settings, url: settings.url.replace("/bucket/", "/other/") })(fileOf("x"));
    await expect(archiving).rejects.toMatchObject({ code: "404 NoSuchBucket" });
  });
});

describe("what the bucket is sent", () => {
  test("is signed and carries digests by which it can check the bytes", async () => {
    const content = Buffer.alloc(700_000, "some lines\n");
    const seen: { [header: string]: unknown } = {};
    const settings = await fakeBucket(async (request, response) => {
      const body = await request.reduce((all: Buffer, part: Buffer) => Buffer.concat([all, part]), Buffer.alloc(0));
      if (request.method === "PUT") Object.assign(seen, request.headers, { url: request.url, body });
      response.writeHead(200, request.method === "HEAD" ? { "content-length": content.length } : {}).end();
    });
    await createArchive(settings)(fileOf(content));
    expect(seen).toMatchObject({
      url: `/bucket/${NAME}`,
      "content-length": `${content.length}`,
      "content-md5": createHash("md5").update(content).digest("base64"),
      "x-amz-content-sha256": createHash("sha256").update(content).digest("hex"),
      authorization: expect.stringMatching(/SignedHeaders=[^,]*content-md5;host;x-amz-content-sha256/),
    });
    expect(content.equals(seen.body as Buffer)).toBe(true);
    expect(JSON.stringify(seen.authorization)).not.toContain("s3cret");
  });
});

describe("an upload is not confirmed", () => {
  test.each([
    ["another length", 3],
    ["no length", undefined],
  ])("where the bucket then tells %s", async (_, length) => {
    const settings = await fakeBucket((request, response) => {
      request.resume();
      response
        .writeHead(200, length === undefined ? {} : { "content-length": length })
        .end(request.method === "PUT" ? "abc" : "");
    });
    await expect(createArchive(settings)(fileOf("four"))).rejects.toMatchObject({ code: "length_differs" });
  });

  test.each([
    [400, "<Error><Code>BadDigest</Code></Error>", "400 BadDigest"],
    [403, "<Error><Code>Very long\n{}</Code></Error>", "403"],
    [204, "", "204"],
    [307, "", "307"],
  ])("by status %i", async (status, body, code) => {
    const settings = await fakeBucket((request, response) => {
      request.resume();
      response.writeHead(status, status === 307 ? { location: "http://127.0.0.1:1/" } : {}).end(body);
    });
    await expect(createArchive(settings)(fileOf("x"))).rejects.toMatchObject({ name: "ArchiveError", code });
  });

  test("where nobody listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await once(server.close(), "close");
    const settings = { ...SETTINGS, url: `http://127.0.0.1:${port}/bucket` };
    await expect(createArchive(settings)(fileOf("x"))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("where the file is not there", async () => {
    const settings = { ...SETTINGS, url: "http://127.0.0.1:1/bucket" };
    await expect(createArchive(settings)(join(tempFolder(), NAME))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("where it is given up because the process stops", async () => {
    const onRequest = vi.fn();
    const stopping = new AbortController();
    const archiving = createArchive(await fakeBucket(onRequest))(fileOf("x"), stopping.signal);
    const rejecting = expect(archiving).rejects.toMatchObject({ code: "ABORT_ERR" });
    await vi.waitFor(() => expect(onRequest).toHaveBeenCalled());
    stopping.abort();
    await rejecting;
  });
});

test("a bucket that refuses at once, without reading what it is sent, is heard", async () => {
  const settings = await fakeBucket((request, response) => {
    response
      .writeHead(403, { connection: "close" })
      .end("<Code>AccessDenied</Code>", () => request.socket.destroySoon());
  });
  const archiving = createArchive(settings)(fileOf(Buffer.alloc(20_000_000)));
  await expect(archiving).rejects.toMatchObject({
    code: expect.stringMatching(/^(403 AccessDenied|ECONNRESET|EPIPE)$/),
  });
});

test("a large file is never in memory as a whole, however slowly it is taken", async () => {
  const content = Buffer.alloc(200_000_000);
  const path = fileOf(content);
  let bytes = 0;
  const settings = await fakeBucket((request, response) => {
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      request.pause();
      setImmediate(() => request.resume());
    });
    request.on("end", () => {
      response.writeHead(200, request.method === "HEAD" ? { "content-length": bytes } : {}).end();
    });
    request.resume();
  });
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 5);
  await createArchive(settings)(path);
  clearInterval(watching);
  expect(bytes).toBe(content.length);
  expect(most).toBeLessThan(100_000_000);
});
