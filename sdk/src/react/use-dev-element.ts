"use client";
import { type RefObject, useContext, useEffect, useRef } from "react";
import type { FeedElement } from "../dev/feed-link.ts";
import { TallymarkContext } from "./tallymark-context.ts";

/** What badge and panel have in common. */
export interface DevElementProps {
  /** The collector's address (default: the provider's, or else the page's own origin). */
  readonly endpoint?: string | undefined;
  /** The collector's read token. Everybody who can read the page can read it: only for development. */
  readonly token?: string | undefined;
  /** Time between polls in ms (default 1000), ± 25 %. */
  readonly intervalMs?: number | undefined;
  /** In the flow of the page, not at its corner (default false). */
  readonly inline?: boolean | undefined;
}

/**
 * Sets a custom element up by its ref. React 18 turns all props of custom elements into attributes, React 19 some into
 * properties, and what is set here and not in the markup never gets a token into HTML rendered on a server.
 */
export function useDevElement<E extends FeedElement>(
  define: () => void,
  { endpoint, token, intervalMs, inline = false }: DevElementProps,
): RefObject<E | null> {
  const ref = useRef<E>(null);
  const context = useContext(TallymarkContext);
  const where = endpoint ?? context?.endpoint;
  const client = context?.client;

  useEffect(() => {
    const node = ref.current;
    if (!node) return;
    setAttribute(node, "endpoint", where);
    setAttribute(node, "token", token);
    setAttribute(node, "interval-ms", intervalMs?.toString());
    node.toggleAttribute("inline", inline);
    node.client = client;
    define();
  }, [define, where, token, intervalMs, inline, client]);

  return ref;
}

function setAttribute(node: Element, name: string, value: string | undefined): void {
  if (value === undefined) node.removeAttribute(name);
  else node.setAttribute(name, value);
}
