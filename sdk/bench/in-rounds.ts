import { CONTENDERS, type Contender, type PerContender, perContender } from "./contenders.ts";

/**
 * Measures every contender once per round, each round beginning with another one, so that what else the machine does
 * falls on all alike. One round more goes first and does not count: it finds cold caches.
 * @returns for each contender one value per round, in the order of the rounds
 */
export async function inRounds<Value>(
  rounds: number,
  measure: (contender: Contender) => Promise<Value>,
): Promise<PerContender<Value[]>> {
  const values = perContender<Value[]>(() => []);
  for (let round = 0; round <= rounds; round++) {
    const first = round % CONTENDERS.length;
    for (const contender of [...CONTENDERS.slice(first), ...CONTENDERS.slice(0, first)]) {
      const value = await measure(contender);
      if (round > 0) values[contender].push(value);
    }
  }
  return values;
}
