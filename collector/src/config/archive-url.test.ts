import { expect, test } from "vitest";
import { isArchiveUrl } from "./archive-url.ts";

test.each([
  "https://s3.eu-central-1.amazonaws.com/bucket",
  "https://s3.example.com:9000/bucket/",
  "http://minio:9000/bucket/site-a/2026_x",
  "https://[2001:db8::1]/bucket",
])("%s names a bucket", (text) => {
  expect(isArchiveUrl(text)).toBe(true);
});

test.each([
  "",
  "bucket",
  "s3://bucket/prefix",
  "file:///etc/bucket",
  "https://s3.example.com",
  "https://s3.example.com/",
  "https://key:secret@s3.example.com/bucket",
  "https://s3.example.com/bucket?versioning",
  "https://s3.example.com/bucket?",
  "https://s3.example.com/bucket#x",
  "https://s3.example.com/a bucket",
  "https://s3.example.com/b%75cket",
  "https://s3.example.com/bucket//prefix",
  "https://s3.example.com/bucket/../other",
])("%j does not", (text) => {
  expect(isArchiveUrl(text)).toBe(false);
});
