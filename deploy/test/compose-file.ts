import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** The parts of a compose file that our tests look at. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, ComposeNetwork>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

export interface ComposeNetwork {
  readonly internal?: boolean;
  readonly enable_ipv6?: boolean;
  readonly ipam?: { readonly config: readonly { readonly subnet: string }[] };
}

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string };
  readonly pull_policy?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly init?: boolean;
  readonly restart?: string;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly logging?: { readonly options: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly network_mode?: string;
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly deploy?: { readonly resources: { readonly limits: Readonly<Record<string, string | number>> } };
}

/**
 * Reads a compose file of this folder as an operator gets it who has set no variable: anchors merged, and
 * `${NAME:-default}` replaced by the default.
 */
export function readComposeFile(name = "docker-compose.yml"): ComposeFile {
  const text = readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
  return parse(text, withDefaults, { merge: true });
}

/** Like Compose, which fills variables in after it has parsed the file. */
function withDefaults(_key: unknown, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\$\{\w+:-([^}]*)\}/g, "$1") : value;
}
