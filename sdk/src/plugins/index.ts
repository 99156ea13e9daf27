/**
 * What may run with a client besides beacons, and is given to it in the same list:
 * `createTallymark({ endpoint, beacons: [pageViews(), offlineQueue(), deferredFlush()] })`.
 * @module
 */
export { deferredFlush } from "./deferred-flush.ts";
export { type OfflineQueueOptions, offlineQueue } from "./offline-queue.ts";
