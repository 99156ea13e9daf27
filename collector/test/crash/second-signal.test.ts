import { once } from "node:events";
import { createConnection } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { startCollector } from "../collector-process.ts";
import { tempFolder } from "../temp-folder.ts";
import { sendUntilBroken } from "./crash-client.ts";
import { readStored } from "./crash-folder.ts";

test.each(["SIGTERM", "SIGINT"] as const)(
  "a second signal, %s, ends a collector at once that waits for a slow client, and nothing acknowledged is lost",
  async (second) => {
    const dataDir = join(tempFolder(), "data");
    const { url, process, stop, output } = await startCollector({ METRICS_JSONL: join(dataDir, "metrics.jsonl") });
    const slow = createConnection({ host: "127.0.0.1", port: Number(new URL(url).port) });
    slow.on("error", () => {});
    slow.write(
      "POST /api/metrics/event HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\n{",
    );
    await once(slow, "connect");
    const loading = sendUntilBroken(url, { name: "s", resend: [], connections: 64, victim: "nobody" });
    await new Promise((resolve) => setTimeout(resolve, 400));
    process.kill("SIGTERM");
    await vi.waitFor(() => expect(output()).toContain("draining"), { timeout: 5000 });
    const signalledAt = performance.now();
    expect(await stop(second)).toBe(1);
    expect(performance.now() - signalledAt).toBeLessThan(1000);

    const { acknowledged } = await loading;
    slow.destroy();
    const again = await startCollector({ METRICS_JSONL: join(dataDir, "metrics.jsonl") });
    expect(await again.stop()).toBe(0);
    const stored = readStored(dataDir).map(({ id }) => id);
    expect(acknowledged.length).toBeGreaterThan(64);
    expect(new Set(stored).size).toBe(stored.length);
    expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
  },
);
