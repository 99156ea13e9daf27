/**
 * 128 random bits as 32 hexadecimal digits: unique without asking anybody, and nothing can be read from it.
 * Not `crypto.randomUUID`, which browsers offer on secure origins only.
 */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return bytes.reduce((digits, byte) => digits + (byte + 256).toString(16).slice(1), "");
}
