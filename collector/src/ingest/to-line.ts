import type { Device } from "@tallymark/sdk/protocol";
import type { PreparedEvent } from "./prepare.ts";

/** JSON allows these inside a string, but many line readers break at them; escaped they mean the same. */
const LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/** What JSON writes otherwise than it is: a quote, a backslash, a control character, half of a surrogate pair. */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/**
 * An event as one line of JSON, newline included. Joined by hand, because stringifying what was just parsed costs half of
 * a batch: identifiers, names and sites hold nothing that JSON escapes. The line begins with the id, `{"id":"…",`, where
 * a start finds it without parsing. Behind the numbers all fields but the last are texts, each closed by what follows it:
 * every `+=` makes an object.
 * @param sampleRate the rate the event survived, client × server
 * @param fields from `requestFields`
 * @param hasNoEscapes whether no text of it needs one
 */
export function toLine(event: PreparedEvent, sampleRate: number, fields: string, hasNoEscapes: boolean): string {
  const { session_id, site, url, referrer, title, page_view_id, language, viewport, metadata } = event;
  let line = `{"id":"${event.id}","event":"${event.event}","visitor_id":"${event.visitor_id}`;
  if (session_id !== undefined) line += `","session_id":"${session_id}`;
  if (site !== undefined) line += `","site":"${site}`;
  line += `","ts":${event.ts},"sample_rate":${sampleRate}${fields}`;
  if (url !== undefined) line += `","url":"${hasNoEscapes ? url : escaped(url)}`;
  if (referrer !== undefined) line += `","referrer":"${hasNoEscapes ? referrer : escaped(referrer)}`;
  if (title !== undefined) line += `","title":"${hasNoEscapes ? title : escaped(title)}`;
  if (page_view_id !== undefined) line += `","page_view_id":"${page_view_id}`;
  if (language !== undefined) line += `","language":"${hasNoEscapes ? language : escaped(language)}`;
  if (viewport !== undefined) line += `","viewport":"${viewport}`;
  return metadata === undefined ? `${line}"}\n` : `${line}","metadata":${JSON.stringify(metadata)}}\n`;
}

/** What every line of a request says, as `toLine` puts it in: with a comma before it, its last text not closed. */
export type RequestFields = (receivedAt: number, device: Device | undefined) => string;

/** Keeps the last text: many requests are read in the same millisecond, and most browsers are of few kinds. */
export function createRequestFields(): RequestFields {
  let lastReceivedAt: number | undefined;
  let lastDevice: Device | undefined;
  let fields = "";

  return function requestFields(receivedAt, device) {
    if (receivedAt !== lastReceivedAt || device !== lastDevice) {
      const deviceField = device ? `,"device":${JSON.stringify(device)}` : "";
      fields = `${deviceField},"received_at":"${new Date(receivedAt).toISOString()}`;
    }
    lastReceivedAt = receivedAt;
    lastDevice = device;
    return fields;
  };
}

/** Lines as they may be stored: whoever reads them line by line, by whatever rules, finds the same lines. */
export function escapeLineBreaks(lines: string): string {
  // Three looks that are over at once for nearly every text, where the pattern alone would read it character by character.
  if (!lines.includes("\u0085") && !lines.includes("\u2028") && !lines.includes("\u2029")) return lines;
  return lines.replace(LINE_BREAKS, escapeCodeUnit);
}

function escaped(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

function escapeCodeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
