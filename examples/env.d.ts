/** What the pages are given by `pnpm start`, or by whoever runs Vite. */
interface ImportMetaEnv {
  /** The collector's address, such as `http://127.0.0.1:8787`. */
  readonly VITE_API_BASE_URL: string;
  /** Share of visitors to count, 0–1 (default 1). */
  readonly VITE_METRICS_SAMPLE_RATE?: string;
  /** The collector's read token, where it has one. It ends up in the page: for this machine only. */
  readonly VITE_METRICS_READ_TOKEN?: string;
}
