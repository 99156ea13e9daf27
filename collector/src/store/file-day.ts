/** A clock that has gone back further than this was wrong before, and is believed now. */
const MAX_BACK_MS = 2 * 86_400_000;

/**
 * The UTC day in whose file a line belongs that is received today. Days do not go back with the clock, because a closed
 * day is not written again. Only where the newest day lies so far ahead that the clock must have been wrong, today counts:
 * else one bad moment would put a year of events into a file of the future.
 * @param newest day written last, `""` where there is none
 * @param today `""` where the clock tells no date
 */
export function fileDay(newest: string, today: string): string {
  if (newest === "" || today >= newest) return today;
  const isBelieved = Date.parse(newest) - Date.parse(today) > MAX_BACK_MS;
  return isBelieved ? today : newest;
}
