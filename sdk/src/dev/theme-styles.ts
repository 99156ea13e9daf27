import { HUES } from "./event-hue.ts";

const hues = (scheme: "light" | "dark") =>
  HUES.map(
    (hue, i) => `[data-hue="${i}"] { --chip-text: ${hue[scheme].text}; --chip-back: ${hue[scheme].background}; }`,
  );

/**
 * What badge and panel share: colours of both schemes, type, focus. The page's own style sheets reach the host, and there
 * they win over what a shadow tree says, unless that is important.
 * https://drafts.csswg.org/css-cascade-5/#cascade-context
 */
export const themeStyles = () => `
:host { all: initial !important; }
.root {
  --back: #ffffff; --back-2: #f6f7f9; --back-3: #eceef1; --line: #e2e5ea; --line-2: #cfd4db;
  --text: #1b1f24; --text-2: #57606a; --live: #1a7f4b; --warn: #9a6700; --bad: #b42318; --focus: #2563eb;
  --bad-back: #fef3f2; --fresh: #fff8dc;
  --shadow: 0 1px 2px rgb(16 24 40 / 6%), 0 12px 32px -4px rgb(16 24 40 / 18%);
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  color-scheme: light; color: var(--text); font: 400 13px/20px var(--sans); text-align: start;
  -webkit-font-smoothing: antialiased; -webkit-text-size-adjust: 100%;
}
${hues("light").join("\n")}
@media (prefers-color-scheme: dark) {
  .root {
    --back: #14171c; --back-2: #1a1e25; --back-3: #242a32; --line: #272d36; --line-2: #3a424e;
    --text: #e6e9ee; --text-2: #9aa4b2; --live: #4cc38a; --warn: #e2b340; --bad: #ff8a80; --focus: #79a9ff;
    --bad-back: #2b1a1a; --fresh: #2a2718;
    --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 12px 32px -4px rgb(0 0 0 / 60%);
    color-scheme: dark;
  }
  ${hues("dark").join("\n")}
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
button, input, summary { font: inherit; color: inherit; -webkit-tap-highlight-color: transparent; }
button { margin: 0; cursor: pointer; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.icon { width: 16px; height: 16px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75;
  stroke-linecap: round; stroke-linejoin: round; }
.status { display: inline-flex; align-items: center; gap: 6px; color: var(--text-2); white-space: nowrap; }
.dot { width: 8px; height: 8px; border-radius: 50%; background: currentColor; flex: none; forced-color-adjust: none; }
.status[data-status="live"] .dot { background: var(--live); }
.status[data-status="degraded"] { color: var(--warn); }
.status[data-status="error"] { color: var(--bad); }
.status[data-status="connecting"] .dot, .status[data-status="paused"] .dot {
  background: none; border: 2px solid currentColor;
}
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; border: 0; }
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation: none !important; transition: none !important; } }
`;
