/** Levels of the document that are told. */
const MAX_LEVELS = 4;

/** Where an element is, by the tags round it and nothing else: `main>form>button`. Open shadow roots are passed over. */
export function elementPath(element: Element, levels = MAX_LEVELS): string {
  const outer = element.parentElement ?? (element.getRootNode() as Partial<ShadowRoot>).host;
  return (outer && levels > 1 ? `${elementPath(outer, levels - 1)}>` : "") + element.localName;
}
