import { relative } from "node:path";

/** What `summary` tells. */
export interface SummaryOptions {
  readonly collectorUrl: string;
  readonly siteUrl: string;
  /** As set, absolute or relative to the current folder. */
  readonly dataFile: string;
}

/** The text that says where everything is, and how to stop it. */
export function summary({ collectorUrl, siteUrl, dataFile }: SummaryOptions): string {
  const path = relative("", dataFile);
  const file = path.startsWith("..") ? dataFile : path;
  return `
  Tallymark is running.

    Demo shop      ${siteUrl}/demo/?dev=1
                   click round, and watch badge and panel; ?dev=0 hides them

    Plain pages    ${siteUrl}/script-tag/?dev=1
                   ${siteUrl}/npm/?dev=1
                   ${siteUrl}/react/?dev=1

    Snapshot       ${collectorUrl}/api/metrics/behavior?limit=5
    Health         ${collectorUrl}/api/metrics/health
    Events         ${file}
                   one line each; tail -F shows them arrive

  Ctrl-C stops the collector and the site.
`;
}
