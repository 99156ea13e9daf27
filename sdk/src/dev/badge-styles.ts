/** The badge: a pill at the bottom right corner, or in the flow with the attribute `inline`. */
export const BADGE_STYLES = `
:host { display: block !important; position: fixed !important; right: 16px !important; bottom: 16px !important;
  z-index: 2147483000 !important; }
:host([inline]) { display: inline-block !important; position: relative !important; inset: auto !important; z-index: auto !important; }
.badge {
  display: inline-flex; align-items: center; gap: 8px; min-height: 40px; padding: 8px 16px 8px 12px;
  border: 1px solid var(--line); border-radius: 20px; background: var(--back); box-shadow: var(--shadow);
  font-variant-numeric: tabular-nums; white-space: nowrap; transition: border-color 120ms, background-color 120ms;
}
.badge:hover { border-color: var(--line-2); background: var(--back-2); }
.badge[aria-expanded="true"] { background: var(--back-3); }
.count { font-weight: 600; }
.unit { color: var(--text-2); }
.status { padding-inline-start: 8px; border-inline-start: 1px solid var(--line); }
@media print { .root { display: none; } }
`;
