import { FEED_ATTRIBUTES, type FeedElement, linkToFeed, upgradeProperty } from "./feed-link.ts";
import { PANEL_STATE_EVENT, TOGGLE_EVENT } from "./panel-events.ts";
import { createPanelView } from "./panel-view.ts";

/**
 * `<tallymark-panel>`. Attributes: `endpoint`, `token`, `interval-ms` (1000), `open`, `inline` (in the flow, not at the
 * corner).
 */
export interface TallymarkPanelElement extends FeedElement {
  /** Opens the panel, or closes it. Focus goes in, and on closing back to `opener` (default: what has the focus now). */
  toggle(opener?: Element | null): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "tallymark-panel": TallymarkPanelElement;
  }
}

/**
 * Defines `<tallymark-panel>`: the events in the collector's ring, live, with counts and the collector's health. It
 * answers to any badge of the page, watches only while it is open, and tells by a bubbling `tallymark-panel-state` event
 * when it opens or closes. Defining it twice, or outside a browser, does nothing.
 */
export function definePanel(): void {
  if (typeof customElements === "undefined" || customElements.get("tallymark-panel")) return;

  class Panel extends HTMLElement implements TallymarkPanelElement {
    static readonly observedAttributes = [...FEED_ATTRIBUTES, "open"];
    #client: TallymarkPanelElement["client"];
    #opener: Element | null = null;
    readonly #view = createPanelView(this.attachShadow({ mode: "open" }), () => this.#close());
    readonly #sync = linkToFeed(this, () => this.isConnected && this.hasAttribute("open"), this.#view.update);
    readonly #onToggle = (event: Event) => this.toggle(event.target instanceof Element ? event.target : null);

    get client() {
      return this.#client;
    }

    set client(client) {
      this.#client = client;
      this.#sync();
    }

    toggle(opener = document.activeElement): void {
      if (this.hasAttribute("open")) this.#close();
      else this.#open(opener);
    }

    connectedCallback(): void {
      upgradeProperty(this, "client");
      // Beacons leave marked elements alone: looking at the events must not make events.
      this.setAttribute("data-tallymark-ignore", "");
      document.addEventListener(TOGGLE_EVENT, this.#onToggle);
      if (this.hasAttribute("open")) this.#tell(true);
      this.#sync();
    }

    disconnectedCallback(): void {
      document.removeEventListener(TOGGLE_EVENT, this.#onToggle);
      if (this.hasAttribute("open")) this.#tell(false, document);
      this.#sync();
    }

    attributeChangedCallback(name: string, before: string | null, now: string | null): void {
      this.#sync();
      if (name === "open" && this.isConnected && (before === null) !== (now === null)) this.#tell(now !== null);
    }

    #open(opener: Element | null): void {
      this.#opener = opener;
      this.setAttribute("open", "");
      this.#view.focus();
    }

    #close(): void {
      const hadFocus = this.shadowRoot?.activeElement !== null;
      this.removeAttribute("open");
      if (hadFocus && this.#opener instanceof HTMLElement) this.#opener.focus();
      this.#opener = null;
    }

    #tell(open: boolean, from: EventTarget = this): void {
      from.dispatchEvent(new CustomEvent(PANEL_STATE_EVENT, { detail: { open }, bubbles: true, composed: true }));
    }
  }

  customElements.define("tallymark-panel", Panel);
}
