// @ts-expect-error: it has no types
import Server from "@20minutes/s3rver";
import { onTestFinished } from "vitest";
import type { ArchiveSettings } from "../src/archive/create-archive.ts";
import { tempFolder } from "./temp-folder.ts";

interface S3Server {
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

/**
 * A server that speaks S3 and checks every signature (version 4), with one bucket; gone when the test is over. It does not
 * check digests. Call it from a test's body.
 */
export async function startS3Server(): Promise<ArchiveSettings> {
  const options = { address: "127.0.0.1", port: 0, silent: true, directory: tempFolder() };
  const server: S3Server = new Server({ ...options, configureBuckets: [{ name: "bucket" }] });
  const { port } = await server.run();
  onTestFinished(() => server.close());
  // The only account it knows.
  const account = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
  return { url: `http://127.0.0.1:${port}/bucket/site-a`, region: "us-east-1", ...account };
}
