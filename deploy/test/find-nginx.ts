import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The nginx to test with: `NGINX_PATH`, or the first on `PATH` or in the system's folders.
 * @returns its path; `undefined`, after saying so, where there is none and the suites must be skipped
 * @throws Error where there is none and `CI` is `true`: a skipped suite must not look like a passed one
 */
export function findNginx(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const candidates = [process.env.NGINX_PATH, ...folders.filter(Boolean).map((folder) => join(folder, "nginx"))];
  const found = candidates.find((path) => path && existsSync(path));
  if (found) return found;

  const sentence =
    "No nginx on this machine: the edge suites did NOT run. On Debian, `apt-get install nginx` brings it.";
  if (process.env.CI === "true") throw new Error(sentence);
  process.stderr.write(`\n${sentence}\n\n`);
  return undefined;
}
