import { findIds } from "../segments/find-ids.ts";

/** Lines on their way to the disk. */
export interface CommitInFlight {
  readonly lines: Buffer;
  /** Settles once they are there, or are not. */
  readonly stored: Promise<string>;
}

export type FindCommit = (id: string) => CommitInFlight | undefined;

/** Finds the commit that holds an id. What that takes is made at the first question, for few ids come again. */
export function createFindCommit(inFlight: readonly CommitInFlight[]): FindCommit {
  let byId: Map<string, CommitInFlight> | undefined;

  return function findCommit(id) {
    byId ??= commitsById(inFlight);
    return byId.get(id);
  };
}

function commitsById(inFlight: readonly CommitInFlight[]): Map<string, CommitInFlight> {
  const commits = new Map<string, CommitInFlight>();
  for (const commit of inFlight) findIds(commit.lines, (id) => commits.set(id, commit));
  return commits;
}
