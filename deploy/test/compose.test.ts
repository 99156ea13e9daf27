import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readComposeFile } from "./compose-file.ts";

const compose = readComposeFile();
const services = Object.entries(compose.services);
const dockerfile = readFileSync(new URL("../collector.Dockerfile", import.meta.url), "utf8");
const ignored = readFileSync(new URL("../../.dockerignore", import.meta.url), "utf8").split("\n");

describe("docker-compose.yml", () => {
  it("runs edge, collector and rotator", () => {
    expect(Object.keys(compose.services)).toEqual(["edge", "collector", "rotator"]);
  });

  it.each(services)("hardens %s", (_, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    expect(service.init).toBe(true);
    expect(service.restart).toBe("unless-stopped");
    expect(service.stop_grace_period).toBe("20s");
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it.each(services)("bounds what %s may use: log, memory, processor, processes", (_, service) => {
    expect(Object.keys(service.logging?.options ?? {})).toEqual(["max-size", "max-file"]);
    expect(Object.keys(service.deploy?.resources.limits ?? {})).toEqual(["cpus", "memory", "pids"]);
  });

  it.each(services)("pins the image of %s to an exact tag", (_, service) => {
    expect(service.image).toMatch(/^[a-z/-]+:\d+\.\d+\.\d+(?:-[a-z-]+)?$/);
  });

  it("builds our own image and never asks a registry for its name", () => {
    const built = services.filter(([, service]) => service.build);
    expect(built.map(([name]) => name)).toEqual(["collector", "rotator"]);
    for (const [, service] of built) expect(service.pull_policy).toBe("build");
  });

  it("publishes one port, of the edge, on loopback", () => {
    expect(services.filter(([, service]) => service.ports).map(([name]) => name)).toEqual(["edge"]);
    expect(compose.services.edge?.ports).toEqual(["127.0.0.1:8080:8080"]);
  });

  it("keeps the collector on the network without a way out, and the rotator on none", () => {
    expect(compose.networks?.back?.internal).toBe(true);
    expect(Object.keys(compose.services.collector?.networks ?? {})).toEqual(["back"]);
    expect(compose.services.rotator?.network_mode).toBe("none");
    expect(compose.services.rotator?.networks).toBeUndefined();
  });

  it("lets the sidecar alone rotate, by the rules the collector rejects old events by", () => {
    const { environment = {} } = compose.services.collector ?? {};
    const { command = [], volumes } = compose.services.rotator ?? {};
    expect(environment.METRICS_ROTATE).toBe("off");
    expect(command[0]).toBe("rotate");
    expect(command).toContain(`--gzip-after=${environment.METRICS_GZIP_AFTER_DAYS}`);
    expect(command).toContain(`--retention=${environment.METRICS_RETENTION_DAYS}`);
    expect(volumes).toEqual(compose.services.collector?.volumes);
  });

  it("hands the read token over as a file and never as a variable", () => {
    const { environment = {}, secrets } = compose.services.collector ?? {};
    expect(secrets).toEqual(["read_token"]);
    expect(environment.METRICS_READ_TOKEN_FILE).toBe("/run/secrets/read_token");
    expect(services.filter(([, service]) => service.environment?.METRICS_READ_TOKEN !== undefined)).toEqual([]);
  });

  it("trusts X-Forwarded-For from the network of the edge only", () => {
    const back = compose.networks?.back?.ipam?.config.map(({ subnet }) => subnet);
    expect(back).toEqual([compose.services.collector?.environment?.METRICS_TRUSTED_PROXIES]);
  });

  it("starts the edge and the rotator when the collector is healthy", () => {
    expect(compose.services.edge?.depends_on?.collector?.condition).toBe("service_healthy");
    expect(compose.services.rotator?.depends_on?.collector?.condition).toBe("service_healthy");
    expect(compose.services.edge?.healthcheck?.test).toContain("http://127.0.0.1:8081/livez");
    expect(compose.services.collector?.healthcheck?.test?.join(" ")).toContain("/livez");
  });
});

describe("docker-compose.ipv6.yml", () => {
  it("publishes on IPv6 only together with a network that has IPv6", () => {
    const file = readComposeFile("docker-compose.ipv6.yml");
    expect(file.services.edge?.ports).toEqual(["[::]:8080:8080"]);
    const { enable_ipv6, ipam } = file.networks?.front ?? {};
    expect(enable_ipv6).toBe(true);
    expect(ipam?.config).toEqual([compose.networks?.front?.ipam?.config[0], { subnet: "fd30:87ed:6e00:1::/64" }]);
  });
});

describe("docker-compose.tls.yml", () => {
  it("turns the one door into a TLS door instead of opening another", () => {
    const edge = readComposeFile("docker-compose.tls.yml").services.edge;
    expect(edge?.environment?.TALLYMARK_LISTEN).toBe(`${compose.services.edge?.environment?.TALLYMARK_LISTEN} ssl`);
    expect(edge?.ports).toBeUndefined();
  });
});

describe("collector.Dockerfile", () => {
  const lines = dockerfile.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const runStage = lines.slice(lines.lastIndexOf(`FROM $\{NODE_IMAGE}`));

  it("lets the operator choose the Node image, in both stages", () => {
    expect(lines[0]).toBe("ARG NODE_IMAGE=node:24-alpine");
    expect(lines.filter((line) => line.startsWith("FROM "))).toEqual([
      `FROM $\{NODE_IMAGE} AS build`,
      `FROM $\{NODE_IMAGE}`,
    ]);
  });

  it("runs as the fixed user of the compose file, who owns the data folder", () => {
    expect(runStage).toContain(`USER ${compose.services.collector?.user}`);
    expect(runStage.filter((line) => line.startsWith("USER"))).toHaveLength(1);
    expect(dockerfile).toContain(`chown ${compose.services.collector?.user} /data`);
    expect(runStage).toContain("VOLUME /data");
  });

  it("takes nothing but the deployed collector into the image that runs", () => {
    expect(runStage.filter((line) => line.startsWith("COPY"))).toEqual(["COPY --from=build /app /app"]);
    expect(dockerfile).toContain("deploy --prod /app");
    expect(dockerfile).toContain("--frozen-lockfile");
  });

  it("serves by default, and may be told to rotate", () => {
    expect(runStage).toContain('ENTRYPOINT ["node", "dist/cli.js"]');
    expect(runStage).toContain('CMD ["serve"]');
  });

  it("is built without data, secrets or foreign modules in reach", () => {
    expect(ignored).toContain("*");
    expect(ignored).toEqual(expect.arrayContaining(["**/node_modules", "**/data"]));
    expect(ignored.filter((line) => /^!.*(?:deploy|\.env|secret)/.test(line))).toEqual([]);
  });
});
