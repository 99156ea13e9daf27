import { Gauge, type Registry } from "prom-client";

export interface DataFolderSize {
  readonly bytes: { readonly live: number; readonly closed: number; readonly gz: number };
  readonly gzipBacklogFiles: number;
  readonly diskFreeBytes: number;
  readonly diskSizeBytes: number;
}

/**
 * One look at the folder serves all its gauges: they ask in the same turn and share the answer. Where the folder cannot
 * be looked at they keep their last values: that is when the other metrics are needed most.
 */
export function registerDataFolder(registers: Registry[], measure: () => Promise<DataFolderSize>): void {
  let look: Promise<DataFolderSize | undefined> | undefined;
  const shared = () => {
    look ??= measure()
      .catch(() => undefined)
      .finally(() => {
        look = undefined;
      });
    return look;
  };
  const gauge = (name: string, help: string, read: (folder: DataFolderSize) => number) =>
    new Gauge({
      name: `tallymark_${name}`,
      help,
      registers,
      async collect() {
        const folder = await shared();
        if (folder) this.set(read(folder));
      },
    });
  gauge("gzip_backlog_files", "Closed files that are due for compression.", (folder) => folder.gzipBacklogFiles);
  gauge("data_disk_free_bytes", "Bytes left on the disk of the data folder.", (folder) => folder.diskFreeBytes);
  gauge("data_disk_size_bytes", "Size of the disk of the data folder.", (folder) => folder.diskSizeBytes);
  const dataBytes = new Gauge({
    name: "tallymark_data_dir_bytes",
    help: "Bytes of the data files.",
    labelNames: ["kind"],
    registers,
    async collect() {
      for (const [kind, bytes] of Object.entries((await shared())?.bytes ?? {})) this.set({ kind }, bytes);
    },
  });
  for (const kind of ["live", "closed", "gz"]) dataBytes.set({ kind }, 0);
}
