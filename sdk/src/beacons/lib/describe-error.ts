import { readStack } from "./read-stack.ts";
import { scrubText } from "./scrub-text.ts";

/** What may be told of a thrown value. */
interface ErrorFacts {
  /** Its name, such as `TypeError`; of a value without one its class, such as `String`, `Null` or `Response`. */
  type: string;
  /** Empty for an object without one: what else it holds is nobody's business. */
  message: string;
  /** See `readStack`. */
  stack: string[];
  /** `type: message` of what it was caused by, and of the causes of that. */
  cause?: string;
}

const MAX_CAUSES = 3;

/**
 * Describes anything that was thrown, from any realm: an error, a text, nothing at all. Never throws, not even where a
 * getter of the value does, or a Proxy: then what could be read is told.
 * @param place stands for the stack of a value that has none
 */
export function describeError(thrown: unknown, place: string): ErrorFacts {
  const facts: ErrorFacts = { type: typeof thrown, message: "", stack: readStack(place) };
  try {
    const [type, message] = nameAndMessage(thrown);
    facts.type = scrubText(type);
    facts.message = scrubText(message);
    const { stack, cause } = Object(thrown);
    // V8 begins with the message, which may have lines of its own.
    const frames = readStack(`${stack}`.replace(message, ""));
    if (frames[0]) facts.stack = frames;
    // A set, for a cause may be its own.
    const causes = new Set<string>();
    for (let next = cause, level = 0; next != null && level < MAX_CAUSES; next = next.cause, level++)
      causes.add(nameAndMessage(next).join(": "));
    if (causes.size) facts.cause = scrubText([...causes].join("; "));
  } catch {
    // It does not want to be read.
  }
  return facts;
}

function nameAndMessage(thrown: unknown): [name: string, message: string] {
  const { name, message } = Object(thrown);
  const kind = {}.toString.call(thrown).slice(8, -1);
  // Without a message the name may be anything: of a form's field, of a window.
  if (typeof message === "string") return [`${name || kind}`, message];
  return [kind, Object(thrown) === thrown ? "" : String(thrown)];
}
