const NUMBER = /* @__PURE__ */ new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** `12,345`. */
export function formatCount(count: number): string {
  return NUMBER.format(count);
}

/** How long ago, in the largest unit that fits: `now`, `12 s`, `3 min`, `5 h`, `2 d`. A clock that is ahead says `now`. */
export function formatAge(ageMs: number): string {
  const seconds = Math.floor(ageMs / 1000);
  if (!(seconds >= 1)) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
