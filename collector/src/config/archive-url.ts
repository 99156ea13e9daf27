const ARCHIVE_URL = /^https?:\/\/[^/?#@\\\s]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)+\/?$/;

/** Whether an address names a bucket, and perhaps a prefix in it, and no more: `https://host[:port]/bucket[/prefix]`. */
export function isArchiveUrl(text: string): boolean {
  return ARCHIVE_URL.test(text) && URL.canParse(text);
}
