/** Characters of any one text in an event; what is longer is cut, and ends with `…`. */
export const MAX_TEXT_LENGTH = 2000;

/** For `JSON.stringify`: keeps texts to their limit, so that one of them does not cost the whole event. */
export function cutText(_key: string, value: unknown): unknown {
  return typeof value === "string" && value.length > MAX_TEXT_LENGTH ? `${value.slice(0, MAX_TEXT_LENGTH)}…` : value;
}
