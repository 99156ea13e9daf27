"use client";
import { useEffect, useRef } from "react";

interface Installation {
  readonly key: readonly unknown[];
  readonly uninstall: () => void;
  isWanted: boolean;
}

/**
 * Installs something for as long as the component is mounted, and anew when an item of `key` changes.
 *
 * Unlike a plain effect it survives being cleaned up and set up again in the same turn, as StrictMode does on mount (and
 * since React 19.3 while hydrating, https://github.com/react/react/pull/35961) and Fast Refresh on each edit: the undo
 * waits for a microtask and is called off if the effect came back with the same key. So a page view is sent once.
 */
export function useInstalled(key: readonly unknown[], install: () => () => void): void {
  const installed = useRef<Installation | undefined>(undefined);

  function end(installation: Installation): void {
    if (installed.current !== installation) return;
    installed.current = undefined;
    installation.uninstall();
  }

  useEffect(() => {
    const before = installed.current;
    if (before && !isSame(before.key, key)) end(before);
    installed.current ??= { key, uninstall: install(), isWanted: true };
    const mine = installed.current;
    mine.isWanted = true;
    return () => {
      mine.isWanted = false;
      queueMicrotask(() => {
        if (!mine.isWanted) end(mine);
      });
    };
    // biome-ignore lint/correctness/useExhaustiveDependencies: the caller's key says when to install anew.
  }, key);
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => Object.is(item, b[i]));
}
