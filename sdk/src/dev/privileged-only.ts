import type { Tallymark } from "../core/options.ts";
import { upgradeProperty } from "./feed-link.ts";
import { readDevMode } from "./guard.ts";

/** `<tallymark-privileged-only>`. */
export interface TallymarkPrivilegedOnlyElement extends HTMLElement {
  /** Told when developer mode changed, see `readDevMode`. */
  client: Pick<Tallymark, "track"> | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "tallymark-privileged-only": TallymarkPrivilegedOnlyElement;
  }
}

/**
 * Defines `<tallymark-privileged-only>`: shows a copy of what its `<template>` child holds while developer mode is on
 * (read when the element enters the page), and nothing otherwise. It hides; it does not protect: the template is in the
 * page's source. Defining it twice, or outside a browser, does nothing.
 */
export function definePrivilegedOnly(): void {
  if (typeof customElements === "undefined" || customElements.get("tallymark-privileged-only")) return;

  class PrivilegedOnly extends HTMLElement implements TallymarkPrivilegedOnlyElement {
    #client: TallymarkPrivilegedOnlyElement["client"];
    #shown: readonly ChildNode[] = [];
    readonly #onChange = () => this.#update();
    // A parser announces the element before its children, so the template may come later …
    readonly #children = new MutationObserver(this.#onChange);

    get client() {
      return this.#client;
    }

    set client(client) {
      this.#client = client;
      if (this.isConnected) readDevMode(client);
    }

    connectedCallback(): void {
      upgradeProperty(this, "client");
      this.#children.observe(this, { childList: true });
      // … and be half there until all is parsed.
      document.addEventListener("DOMContentLoaded", this.#onChange);
      this.#update();
    }

    disconnectedCallback(): void {
      this.#children.disconnect();
      document.removeEventListener("DOMContentLoaded", this.#onChange);
      for (const node of this.#shown) node.remove();
      this.#shown = [];
    }

    #update(): void {
      const template = this.querySelector<HTMLTemplateElement>(":scope > template");
      const isOn = readDevMode(this.#client);
      if (!isOn || !template || this.#shown.length > 0 || document.readyState === "loading") return;
      this.#children.disconnect();
      const copy = document.importNode(template.content, true);
      this.#shown = [...copy.childNodes];
      this.append(copy);
    }
  }

  customElements.define("tallymark-privileged-only", PrivilegedOnly);
}
