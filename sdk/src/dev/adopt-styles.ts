const sheets = new Map<string, CSSStyleSheet>();

/**
 * Styles a shadow root by constructed sheets, shared by all roots which use the same text. Content Security Policy's
 * `style-src` does not govern them, so a page without 'unsafe-inline' needs no exception.
 * https://github.com/WICG/construct-stylesheets/issues/31
 */
export function adoptStyles(root: ShadowRoot, ...styles: readonly string[]): void {
  root.adoptedStyleSheets = styles.map((css) => {
    const sheet = sheets.get(css) ?? new CSSStyleSheet();
    if (!sheets.has(css)) sheet.replaceSync(css);
    sheets.set(css, sheet);
    return sheet;
  });
}
