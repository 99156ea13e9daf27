/**
 * The collector as a library: `const collector = createCollector(); await collector.start()`, then serve or mount
 * `collector.app`.
 * @module
 */
export type { CollectorOptions } from "./collector-options.ts";
export { type Collector, createCollector } from "./create-collector.ts";
export { DataFolderError } from "./disk/data-folder-error.ts";
