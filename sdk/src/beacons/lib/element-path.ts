/** Levels of the document that are told. */
const MAX_LEVELS = 4;

/** Where an element is, by the tags round it and nothing else: `main>form>button`. Open shadow roots are passed over. */
export function elementPath(element: Element): string {
  const tags: string[] = [];
  let at: Element | undefined = element;
  while (at && tags.length < MAX_LEVELS) {
    tags.unshift(at.localName);
    at = at.parentElement ?? (at.getRootNode() as Partial<ShadowRoot>).host;
  }
  return tags.join(">");
}
