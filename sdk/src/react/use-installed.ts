"use client";
import { useEffect, useRef } from "react";

interface Installation {
  readonly key: readonly unknown[];
  readonly uninstall: () => void;
  isOver: boolean;
}

/** Installations whose effect was cleaned up in this turn. They end with it, unless the effect comes back. */
const leaving = new Set<Installation>();

/**
 * Installs something for as long as the component is mounted, and anew when an item of `key` changes.
 *
 * Unlike a plain effect it survives being cleaned up and set up again in the same turn, as StrictMode does on mount (and
 * since React 19.3 while hydrating, https://github.com/react/react/pull/35961) and Fast Refresh on each edit: the undo
 * waits for a microtask and is called off if the effect came back with the same key. So a page view is sent once.
 *
 * Whatever is installed anew comes after what leaves: the client of a provider that is given another `key` finds its name
 * free.
 */
export function useInstalled(key: readonly unknown[], install: () => () => void): void {
  const installed = useRef<Installation | undefined>(undefined);

  useEffect(() => {
    let mine = installed.current;
    if (!mine || mine.isOver || !isSame(mine.key, key)) {
      endLeaving();
      mine = { key, uninstall: install(), isOver: false };
      installed.current = mine;
    }
    const installation = mine;
    leaving.delete(installation);
    return () => {
      leaving.add(installation);
      queueMicrotask(endLeaving);
    };
    // biome-ignore lint/correctness/useExhaustiveDependencies: the caller's key says when to install anew.
  }, key);
}

function endLeaving(): void {
  for (const installation of leaving) {
    leaving.delete(installation);
    installation.isOver = true;
    installation.uninstall();
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => Object.is(item, b[i]));
}
