/** The names that `trackMany(name, count)` of the fixture page gives: `name_0`, `name_1` … */
export function names(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}_${index}`);
}
