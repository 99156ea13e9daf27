import { setFlagsFromString } from "node:v8";

/** V8 for a process that keeps little and has much pass through it, as measured under the load of `bench/ingest.bench.ts`. */
export function tuneHeap(): void {
  // The old generation may otherwise grow to several times of what is alive before it is collected: 20 MB at full load.
  setFlagsFromString("--heap-growing-percent=50");
  // V8 would learn in its first seconds, while the young generation is small, which objects outlive it, and make these in
  // the old one for good. In one start of four that was what every request makes, and a sixth of the processor went to
  // full collections.
  setFlagsFromString("--no-allocation-site-pretenuring");
}
