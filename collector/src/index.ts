/**
 * The collector as a library: `const collector = createCollector(); await collector.start()`, then serve or mount
 * `collector.app`.
 * @module
 */
export { type Collector, type CollectorOptions, createCollector } from "./create-collector.ts";
export { DataFolderError } from "./disk/data-folder-error.ts";
