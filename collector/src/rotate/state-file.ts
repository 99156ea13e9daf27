import { disk } from "../disk/disk.ts";

/** What the rotator remembers from run to run. Nothing depends on it being there. */
export interface State {
  readonly [key: string]: unknown;
}

/** Reads a small file of JSON; `undefined` where it is not there or holds anything else than an object. */
export async function readState(path: string): Promise<State | undefined> {
  try {
    const file = await disk.open(path, "r");
    try {
      const state: unknown = JSON.parse(await file.readFile("utf8"));
      return typeof state === "object" && state !== null ? { ...state } : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** For whoever holds the maintenance lock: nobody else writes then, and what a killed run left is overwritten. */
export async function saveState(path: string, state: State): Promise<void> {
  const unfinished = `${path}.tmp`;
  const file = await disk.open(unfinished, "w", 0o640);
  try {
    await file.writeFile(`${JSON.stringify(state)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(unfinished, path);
}
