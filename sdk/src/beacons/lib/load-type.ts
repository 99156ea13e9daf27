interface Load {
  readonly type: string;
  /** https://wicg.github.io/nav-speculation/prerendering.html#performance-navigation-timing-extension */
  readonly activationStart?: number;
}

/**
 * How the document was loaded: `navigate`, `reload` or `back_forward` as
 * https://w3c.github.io/navigation-timing/#sec-performance-navigation-types has it; `prerender`, which Chromium calls
 * `navigate`; or `restore`. To be asked when the page is visible.
 */
export function loadType(): string | undefined {
  const [load] = performance.getEntriesByType("navigation") as unknown as Load[];
  if (load?.activationStart) return "prerender";
  // A tab that Chromium has discarded: https://wicg.github.io/page-lifecycle/#dom-document-wasdiscarded
  return (document as { wasDiscarded?: boolean }).wasDiscarded ? "restore" : load?.type;
}
