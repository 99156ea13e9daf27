import { setFlagsFromString } from "node:v8";

/**
 * V8 lets its old generation grow to several times of what is alive before it collects it. What a collector keeps is
 * little and hardly changes, so it collects at one and a half times: at full load that takes 20 MB less and no time that
 * could be measured (`bench/RESULTS.md`). The flag is read anew at every full collection.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=50");
}
