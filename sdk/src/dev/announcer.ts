import { element } from "./element.ts";

const MIN_SILENCE_MS = 5000;

/**
 * Tells screen readers what changed, politely: the first text at once, then at most one every five seconds (the latest).
 * A text that has not changed is not repeated.
 */
export function createAnnouncer(): { readonly node: HTMLElement; announce(text: string): void; stop(): void } {
  const node = element("span", {
    class: "visually-hidden",
    role: "status",
    "aria-live": "polite",
    "aria-atomic": "true",
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = "";

  function speak(): void {
    timer = undefined;
    if (node.textContent === latest) return;
    node.textContent = latest;
    timer = setTimeout(speak, MIN_SILENCE_MS);
  }

  return {
    node,
    announce(text) {
      latest = text;
      if (timer === undefined) speak();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
