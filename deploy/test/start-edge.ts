import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../collector/test/collector-process.ts";
import { readComposeFile } from "./compose-file.ts";
import { isAnswering } from "./is-answering.ts";

const TEMPLATES = fileURLToPath(new URL("../nginx/templates", import.meta.url));

const HOST = "127.0.0.1";

/** What nginx says about itself, as opposed to about requests. */
const PROCESS_LOG = "process.log";
const ACCESS_LOG = "access.log";

export interface EdgeOptions {
  /** `host:port` of the collector. */
  readonly upstream: string;
  /** `TALLYMARK_*` variables that differ from the compose file's defaults. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What the operator wrote to local/cdn.conf. */
  readonly realIp?: string;
}

export interface Edge {
  readonly host: string;
  readonly port: number;
  readonly healthPort: number;
  /** Lines of the access log. Complete only after `stop`. */
  readonly accessLog: () => string[];
  /** All that nginx has written, by file name. Complete only after `stop`. */
  readonly logs: () => Record<string, string>;
  /** Ends nginx and waits for it. May be called twice. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a real nginx in a folder of its own, with the templates rendered as the nginx image renders them and a main
 * configuration like the image's.
 * @throws Error with what nginx said when it does not start
 */
export async function startEdge(nginx: string, options: EdgeOptions): Promise<Edge> {
  const { upstream, settings = {}, realIp } = options;
  const folder = mkdtempSync(join(tmpdir(), "tallymark-edge-"));
  const logFolder = join(folder, "logs");
  const [port, healthPort] = [await freePort(), await freePort()];
  let written: Record<string, string> | undefined;

  write("nginx.conf", mainConfiguration(folder));
  renderTemplates({
    ...readComposeFile().services.edge?.environment,
    TALLYMARK_LISTEN: `${HOST}:${port}`,
    TALLYMARK_HEALTH_LISTEN: `${HOST}:${healthPort}`,
    TALLYMARK_UPSTREAM: upstream,
    TALLYMARK_ACCESS_LOG: join(logFolder, ACCESS_LOG),
    TALLYMARK_ERROR_LOG: join(logFolder, "error.log"),
    ...settings,
  });
  if (realIp !== undefined) write("tallymark-local/cdn.conf", realIp);
  mkdirSync(logFolder);

  const child = spawn(nginx, ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(logFolder, PROCESS_LOG)]);
  const exited = once(child, "exit");
  const killNow = () => child.kill("SIGTERM");
  process.on("exit", killNow);

  const deadline = Date.now() + 10_000;
  while (!(await isAnswering(healthPort, "/livez"))) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    const said = readFileSync(join(logFolder, PROCESS_LOG), "utf8");
    await stop();
    throw new Error(`nginx did not start:\n${said}`);
  }
  return { host: HOST, port, healthPort, accessLog, logs, stop };

  function accessLog(): string[] {
    return (logs()[ACCESS_LOG] ?? "").split("\n").filter(Boolean);
  }

  function logs(): Record<string, string> {
    return written ?? readLogs();
  }

  function readLogs(): Record<string, string> {
    return Object.fromEntries(
      readdirSync(logFolder).map((name) => [name, readFileSync(join(logFolder, name), "utf8")]),
    );
  }

  async function stop(): Promise<void> {
    // As Compose stops it: on TERM, a request whose client has not hung up yet would be missing in the log.
    child.kill("SIGQUIT");
    const impatience = setTimeout(killNow, 5000);
    await exited;
    clearTimeout(impatience);
    process.off("exit", killNow);
    if (!existsSync(folder)) return;
    written = readLogs();
    rmSync(folder, { recursive: true });
  }

  function renderTemplates(environment: Readonly<Record<string, string>>): void {
    for (const name of readdirSync(TEMPLATES, { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".template")) continue;
      const template = readFileSync(join(TEMPLATES, name), "utf8");
      const rendered = template.replace(/\$\{(TALLYMARK_\w+)\}/g, (_, variable: string) => {
        const value = environment[variable];
        if (value === undefined) throw new Error(`${name} needs ${variable}, which the compose file does not set`);
        return value;
      });
      write(join("conf.d", name.replace(/\.template$/, "")), rendered);
    }
  }

  function write(name: string, text: string): void {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** As in the image, including an access log with full addresses that ours has to replace. */
function mainConfiguration(folder: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path tmp-${name};`,
  );
  return `
    ${process.getuid?.() === 0 ? "user root;" : ""}
    daemon off;
    worker_processes 2;
    pid ${folder}/nginx.pid;
    error_log ${folder}/logs/${PROCESS_LOG} notice;
    events { worker_connections 256; }
    http {
      ${temporary.join(" ")}
      access_log ${folder}/logs/main-access.log combined;
      keepalive_timeout 65;
      include conf.d/*.conf;
    }
  `;
}
