const STROKES_PER_GROUP = 5;

/** A number as tally marks: four strokes, and the fifth across. Decoration; say the number in words beside it. */
export function Tally({ count }: { readonly count: number }) {
  const groups = Math.ceil(count / STROKES_PER_GROUP);
  return (
    <span className="tally" aria-hidden="true">
      {Array.from({ length: groups }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group has nothing else to tell it by, and never moves.
        <Group key={i} strokes={Math.min(STROKES_PER_GROUP, count - i * STROKES_PER_GROUP)} />
      ))}
    </span>
  );
}

const PATHS = ["M5 5 4 31", "M13 4l1 26", "M22 5l-1 26", "M30 4v27", "M1 25 35 9"];

function Group({ strokes }: { readonly strokes: number }) {
  return (
    <svg viewBox="0 0 36 36" aria-hidden="true">
      {PATHS.slice(0, strokes).map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
