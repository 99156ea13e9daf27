/**
 * The limits of wire protocol version 1. The SDK keeps to them, the collector enforces them,
 * and neither writes a number of its own.
 */

/** An event's name: 1–64 characters, an ASCII letter first. `\w` is `[A-Za-z0-9_]`; written so because every byte ships. */
export const EVENT_NAME = /^[a-z][\w.:-]{0,63}$/i;

/** `visitor_id`, `session_id`, `id` and `page_view_id`: 1–64 characters that are safe in any file, log or shell. */
export const IDENTIFIER = /^[\w-]{1,64}$/;

/**
 * Characters from which on an id is taken for a secret: 128 bits in base64url. Only whoever it was given to knows one, so
 * that a visitor may be erased by it without a token. The SDK's own have more.
 */
export const MIN_SECRET_ID_LENGTH = 22;

/** `site`: 1–64 characters, room for a host name. */
export const SITE = /^[\w.-]{1,64}$/;

/** Characters of `url` and of `referrer`. */
export const MAX_URL_LENGTH = 2048;

/** Characters of `title`. */
export const MAX_TITLE_LENGTH = 256;

/** Characters of `language`, a tag such as `en` or `pt-BR`. Not more of a rule: some browsers say `en-US@posix`. */
export const MAX_LANGUAGE_LENGTH = 16;

/** Bytes of `metadata` as JSON. */
export const MAX_METADATA_BYTES = 8192;

/** Levels of `metadata`, the outermost object being the first. */
export const MAX_METADATA_DEPTH = 4;

/** Keys of any one object in `metadata`. */
export const MAX_METADATA_KEYS = 64;

/** Events of one batch. */
export const MAX_BATCH_EVENTS = 500;

/** Bytes of a request body, before and after decompression; also the browser's budget for `keepalive` requests. */
export const MAX_BODY_BYTES = 65_536;

/** How far a corrected `ts` may lie ahead of the collector's clock. */
export const MAX_CLOCK_AHEAD_MS = 86_400_000;
