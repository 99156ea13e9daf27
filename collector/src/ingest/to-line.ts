import type { Device } from "@tallymark/sdk/protocol";
import type { PreparedEvent } from "./prepare.ts";

/** JSON allows these inside a string, but many line readers break at them; escaped they mean the same. */
const LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/** What JSON writes otherwise than it is: a quote, a backslash, a control character, half of a surrogate pair. */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/**
 * An event as one line of JSON, newline included. Joined by hand, because stringifying what was just parsed costs half of
 * a batch: identifiers, names and sites hold nothing that JSON escapes. The line begins with the id, `{"id":"…",`, where
 * a start finds it without parsing.
 * @param sampleRate the rate the event survived, client × server
 * @param end from `lineEnd`
 */
export function toLine(event: PreparedEvent, sampleRate: number, end: string): string {
  const { session_id, site, url, referrer, title, page_view_id, language, viewport, metadata } = event;
  let line = `{"id":"${event.id}","event":"${event.event}","visitor_id":"${event.visitor_id}"`;
  if (session_id !== undefined) line += `,"session_id":"${session_id}"`;
  if (site !== undefined) line += `,"site":"${site}"`;
  line += `,"ts":${event.ts}`;
  if (url !== undefined) line += `,"url":${quoted(url)}`;
  if (referrer !== undefined) line += `,"referrer":${quoted(referrer)}`;
  if (title !== undefined) line += `,"title":${quoted(title)}`;
  if (page_view_id !== undefined) line += `,"page_view_id":"${page_view_id}"`;
  if (language !== undefined) line += `,"language":${quoted(language)}`;
  if (viewport !== undefined) line += `,"viewport":"${viewport}"`;
  line += `,"sample_rate":${sampleRate}`;
  if (metadata !== undefined) line += `,"metadata":${JSON.stringify(metadata)}`;
  return line + end;
}

/** What ends every line of a request. */
export type LineEnd = (receivedAt: number, device: Device | undefined) => string;

/** Keeps the last text: many requests are read in the same millisecond, by one browser after the other of a kind. */
export function createLineEnd(): LineEnd {
  let lastReceivedAt: number | undefined;
  let lastDevice: Device | undefined;
  let end = "";

  return function lineEnd(receivedAt, device) {
    if (receivedAt !== lastReceivedAt || device !== lastDevice) {
      const deviceField = device ? `,"device":${JSON.stringify(device)}` : "";
      end = `,"received_at":"${new Date(receivedAt).toISOString()}"${deviceField}}\n`;
    }
    lastReceivedAt = receivedAt;
    lastDevice = device;
    return end;
  };
}

/** Lines as they may be stored: whoever reads them line by line, by whatever rules, finds the same lines. */
export function escapeLineBreaks(lines: string): string {
  // Three looks that are over at once for nearly every text, where the pattern alone would read it character by character.
  if (!lines.includes("\u0085") && !lines.includes("\u2028") && !lines.includes("\u2029")) return lines;
  return lines.replace(LINE_BREAKS, escapeCodeUnit);
}

function quoted(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function escapeCodeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
