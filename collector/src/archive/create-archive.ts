import { basename } from "node:path";
import { ArchiveError, errorOfAnswer, errorOfNetwork } from "./archive-error.ts";
import { digestFile } from "./digest-file.ts";
import { type SendOptions, send } from "./send.ts";

/** Where files go before they are deleted: any store that speaks S3. */
export interface ArchiveSettings {
  /** `https://host[:port]/bucket[/prefix]`: the bucket is in the path, not in the host's name. */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Uploads a file under its bare name, from the disk and in constant memory. Resolves once the bucket has confirmed it: it
 * is sent digests to check it against, and says afterwards how long it is. The same file twice is the same object.
 * Rejects with ArchiveError; nothing in it tells the secret.
 */
export function createArchive({ url, ...credentials }: ArchiveSettings) {
  const folder = url.replace(/\/+$/, "");

  return async function archiveFile(path: string, signal?: AbortSignal): Promise<void> {
    const address = `${folder}/${basename(path)}`;
    const { bytes, md5, sha256 } = await digestFile(path, signal);
    // Whoever archives nothing need not load it.
    const { AwsClient } = await import("aws4fetch");
    const aws = new AwsClient({ ...credentials, service: "s3" });
    const ask = async (method: string, headers: { readonly [name: string]: string }, options: SendOptions) => {
      const signed = await aws.sign(address, { method, headers });
      const answer = await send(signed, { ...options, signal }).catch(errorOfNetwork);
      if (answer.status !== 200) throw errorOfAnswer(answer);
      return answer;
    };

    const digests = { "content-md5": md5, "x-amz-content-sha256": sha256 };
    await ask("PUT", { ...digests, "content-type": "application/gzip" }, { body: { path, bytes } });
    const { contentLength } = await ask("HEAD", {}, {});
    if (contentLength !== bytes)
      throw new ArchiveError("length_differs", `the bucket has ${contentLength} of ${bytes} bytes`);
  };
}
