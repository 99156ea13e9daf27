/** The panel: a card above the badge, a sheet along the bottom on narrow screens, or in the flow with `inline`. */
export const PANEL_STYLES = `
:host { display: none !important; position: fixed !important; right: 16px !important; bottom: 72px !important;
  z-index: 2147483001 !important; width: min(456px, calc(100vw - 32px)) !important;
  height: min(672px, calc(100vh - 96px)) !important; }
:host([open]) { display: block !important; }
:host([inline]) { position: relative !important; inset: auto !important; z-index: auto !important; width: auto !important;
  height: 672px !important; }
.root { height: 100%; }
.panel { display: flex; flex-direction: column; height: 100%; overflow: hidden; border: 1px solid var(--line);
  border-radius: 12px; background: var(--back); box-shadow: var(--shadow); }
.panel:focus { outline: none; }
@media (max-width: 520px) {
  :host(:not([inline])) { right: 0 !important; bottom: 0 !important; left: 0 !important; width: auto !important;
    height: min(640px, 80vh) !important; }
  :host(:not([inline])) .panel { border-width: 1px 0 0; border-radius: 16px 16px 0 0;
    padding-bottom: env(safe-area-inset-bottom); }
}

.header { display: flex; align-items: center; gap: 8px; padding: 8px 8px 8px 16px; }
.title { display: flex; align-items: center; gap: 8px; margin: 0; font-size: 14px; font-weight: 600; }
.header .status { margin-inline: 8px auto; }
.button { display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-height: 32px; padding: 0 12px;
  border: 1px solid var(--line-2); border-radius: 8px; background: var(--back); white-space: nowrap; font-weight: 500; }
.button:hover { background: var(--back-2); }
.button.bare { border-color: transparent; padding: 0 8px; color: var(--text-2); }
.button.bare:hover { color: var(--text); }

.health { display: grid; grid-template-columns: auto auto 1fr; gap: 4px 24px; margin: 0; padding: 8px 16px 12px; }
.health > div { min-width: 0; }
.health dt { color: var(--text-2); font-size: 11px; line-height: 16px; }
.health dd { margin: 0; font-variant-numeric: tabular-nums; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.health .file dd { font: 12px/20px var(--mono); }
.health .reason { grid-column: 1 / -1; }
.health .reason dd { color: var(--warn); white-space: normal; overflow-wrap: anywhere; }

.problem { display: flex; gap: 8px; margin: 0 16px 12px; padding: 8px 12px; border-radius: 8px; background: var(--bad-back);
  color: var(--bad); overflow-wrap: anywhere; }
.problem .icon { margin-top: 2px; }
.problem small { display: block; color: var(--text-2); font-size: 12px; }

.toolbar { position: relative; display: flex; align-items: center; gap: 8px; padding: 12px 16px;
  border-block: 1px solid var(--line); background: var(--back-2); }
.toolbar > .icon { position: absolute; left: 26px; color: var(--text-2); pointer-events: none; }
.filter { flex: 1; min-width: 0; min-height: 32px; margin: 0; padding: 0 8px 0 34px; border: 1px solid var(--line-2);
  border-radius: 8px; background: var(--back); appearance: none; }
.filter::placeholder { color: var(--text-2); opacity: 1; }
.filter:focus-visible { outline-offset: -1px; }

.scroll { flex: 1; min-height: 0; overflow: auto; overscroll-behavior: contain; scrollbar-width: thin; }
.section { padding: 12px 0 4px; }
.section + .section { border-top: 1px solid var(--line); }
.heading { display: flex; align-items: baseline; justify-content: space-between; gap: 8px; margin: 0; padding: 0 16px 4px;
  color: var(--text-2); font-size: 11px; line-height: 16px; font-weight: 600; }
.heading span { font-weight: 400; }
ol { list-style: none; margin: 0; padding: 0; }

.chip { display: inline-block; max-width: 100%; padding: 0 8px; border-radius: 6px; background: var(--chip-back); color: var(--chip-text);
  font: 500 12px/20px var(--mono); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: top; }

.count { display: grid; grid-template-columns: minmax(0, 1fr) 96px auto; align-items: center; gap: 12px; padding: 2px 16px;
  min-height: 24px; font-variant-numeric: tabular-nums; }
.count .bar { appearance: none; width: 100%; height: 6px; border: 0; border-radius: 3px; overflow: hidden; background: var(--back-3); color: var(--chip-text); }
.count .bar::-webkit-progress-bar { background: var(--back-3); }
.count .bar::-webkit-progress-value { background: var(--chip-text); border-radius: 3px; opacity: .65; }
.count .bar::-moz-progress-bar { background: var(--chip-text); border-radius: 3px; opacity: .65; }
.count .number { min-width: 88px; text-align: end; }
.count .estimate { color: var(--text-2); }
.more { margin: 4px 8px; }

.event { border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 61px; }
.event:first-child { border-top: 0; }
.event.fresh summary { animation: fresh 1600ms ease-out; }
@keyframes fresh { from { background: var(--fresh); } }
summary { display: grid; grid-template-columns: minmax(0, 1fr) auto 16px; gap: 4px 8px; padding: 8px 16px; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--back-2); }
summary:focus-visible { outline-offset: -2px; }
summary .age { color: var(--text-2); font-variant-numeric: tabular-nums; white-space: nowrap; }
summary .icon { width: 12px; height: 12px; margin: 4px 0 0 2px; color: var(--text-2); transition: transform 120ms; }
[open] > summary .icon { transform: rotate(90deg); }
summary .line { grid-column: 1 / -1; display: flex; gap: 8px; min-width: 0; color: var(--text-2); font-size: 12px; }
summary .path { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--text); font: 12px/20px var(--mono); }
summary .visitor { font: 12px/20px var(--mono); white-space: nowrap; }
summary .kept { white-space: nowrap; }
summary .kept[data-stored="false"] { color: var(--warn); }

.facts { margin: 0; padding: 4px 16px 16px; display: grid; grid-template-columns: 88px minmax(0, 1fr); gap: 4px 12px; font-size: 12px; }
.facts dt { color: var(--text-2); }
.facts dd { margin: 0; font: 12px/20px var(--mono); overflow-wrap: anywhere; }
.facts dd.json { grid-column: 1 / -1; margin-bottom: 8px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--back-2);
  max-height: 240px; overflow: auto; white-space: pre-wrap; }

.blank { display: flex; flex-direction: column; align-items: center; gap: 4px; padding: 56px 32px; text-align: center; color: var(--text-2); }
.blank .icon { width: 32px; height: 32px; margin-bottom: 8px; stroke-width: 1.25; }
.blank strong { color: var(--text); font-weight: 600; font-size: 14px; overflow-wrap: anywhere; }
@media print { .root { display: none; } }
`;
