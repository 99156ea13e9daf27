import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

/** Where the demo lives on its host. */
const BASE = "/demo";

const listeners = new Set<() => void>();

/** The path within the demo, such as `/shop/ebb-mug`, and the component is rendered anew when it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, readPath);
}

/** Goes to a path within the demo, without a load. */
export function navigate(path: string): void {
  history.pushState(null, "", BASE + path);
  scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** Props of `Link`: those of an anchor, with a path within the demo. */
export interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly to: string;
}

/** A real link, that opens in a new tab like any other, and stays in the page when clicked plainly. */
export function Link({ to, ...props }: LinkProps) {
  const isCurrent = usePath() === to;

  function follow(event: MouseEvent): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  }

  return <a {...props} href={BASE + to} aria-current={isCurrent ? "page" : undefined} onClick={follow} />;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

function readPath(): string {
  return location.pathname.slice(BASE.length).replace(/(.)\/$/, "$1") || "/";
}
