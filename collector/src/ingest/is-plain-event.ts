import {
  EVENT_NAME,
  MAX_LANGUAGE_LENGTH,
  MAX_TITLE_LENGTH,
  MAX_URL_LENGTH,
  SITE,
  type WireEvent,
} from "@tallymark/sdk/protocol";
import { metadataFault } from "./metadata-fault.ts";
import { type Envelope, MAX_SDK_LENGTH } from "./schema.ts";

/**
 * Whether JSON holds a valid event, at a tenth of the schema's price. It says yes to what the schema accepts and nothing
 * else (`is-plain-event.test.ts` holds the two together), and does not say what is wrong: the schema does.
 */
export function isPlainEvent(input: unknown): input is WireEvent {
  if (!isObject(input)) return false;
  const event: Unchecked<WireEvent> = input;
  return (
    typeof event.event === "string" &&
    EVENT_NAME.test(event.event) &&
    (event.visitor_id === "" || isIdentifier(event.visitor_id)) &&
    isIdentifier(event.id) &&
    isIdentifier(event.session_id) &&
    (event.site === undefined || (typeof event.site === "string" && SITE.test(event.site))) &&
    isClock(event.ts) &&
    isText(event.url, MAX_URL_LENGTH) &&
    isText(event.referrer, MAX_URL_LENGTH) &&
    isText(event.title, MAX_TITLE_LENGTH) &&
    isIdentifier(event.page_view_id) &&
    isText(event.language, MAX_LANGUAGE_LENGTH) &&
    (event.viewport === undefined || VIEWPORTS.has(event.viewport)) &&
    isRate(event.sample_rate) &&
    (event.metadata === undefined ||
      (isObject(event.metadata) && metadataFault(event.metadata as NonNullable<WireEvent["metadata"]>) === undefined))
  );
}

/** The same for what travels round the events. */
export function isPlainEnvelope(input: unknown): input is Envelope {
  if (!isObject(input)) return false;
  const { sent_at, sdk, dropped }: Unchecked<Envelope> = input;
  return isClock(sent_at) && isText(sdk, MAX_SDK_LENGTH) && (dropped === undefined || isEmptyObject(dropped));
}

type Unchecked<Type> = { readonly [key in keyof Type]?: unknown };

const MAX_IDENTIFIER_LENGTH = 64;

const IDENTIFIER_CHARACTERS = /^[\w-]+$/;

const VIEWPORTS: ReadonlySet<unknown> = new Set<WireEvent["viewport"]>(["xs", "sm", "md", "lg", "xl"]);

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** As `IDENTIFIER`, whose count in braces costs twice as much. */
function isIdentifier(value: unknown): boolean {
  if (value === undefined) return true;
  return typeof value === "string" && value.length <= MAX_IDENTIFIER_LENGTH && IDENTIFIER_CHARACTERS.test(value);
}

function isText(value: unknown, maxLength: number): boolean {
  return value === undefined || (typeof value === "string" && value.length <= maxLength);
}

function isClock(value: unknown): boolean {
  return value === undefined || Number.isSafeInteger(value);
}

function isRate(value: unknown): boolean {
  return value === undefined || (typeof value === "number" && value > 0 && value <= 1);
}
