/** A point of a vessel's outline: height from the top of the picture, and distance from the axis. */
export type ProfilePoint = readonly [y: number, radius: number];

type Point = readonly [x: number, y: number];

/** How flat a circle looks from where we see it. */
export const TILT = 0.17;

/** The outline of a vessel, thrown as on a wheel: its profile turned round the axis, from rim to foot, in SVG path data. */
export function vesselPath(profile: readonly ProfilePoint[], axis: number): string {
  const right = profile.map(([y, radius]): Point => [axis + radius, y]);
  const left = profile.map(([y, radius]): Point => [axis - radius, y]).reverse();
  const foot = profile.at(-1)?.[1] ?? 0;
  const rim = profile[0]?.[1] ?? 0;
  return [
    `M${format(right[0])}`,
    ...curveThrough(right),
    `A${foot} ${foot * TILT} 0 0 1 ${format(left[0])}`,
    ...curveThrough(left),
    `A${rim} ${rim * TILT} 0 0 1 ${format(right[0])}Z`,
  ].join("");
}

/** A smooth curve through all points: https://en.wikipedia.org/wiki/Centripetal_Catmull%E2%80%93Rom_spline as Béziers. */
function curveThrough(points: readonly Point[]): string[] {
  return points.slice(1).map((to, i) => {
    const from = points[i] ?? to;
    const before = points[i - 1] ?? from;
    const after = points[i + 2] ?? to;
    const control1 = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6] as const;
    const control2 = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6] as const;
    return `C${format(control1)} ${format(control2)} ${format(to)}`;
  });
}

function format(point: Point | undefined): string {
  return point ? `${point[0].toFixed(1)} ${point[1].toFixed(1)}` : "";
}
