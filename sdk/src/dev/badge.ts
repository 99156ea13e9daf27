import { createBadgeView } from "./badge-view.ts";
import { FEED_ATTRIBUTES, type FeedElement, linkToFeed, upgradeProperty } from "./feed-link.ts";
import { PANEL_STATE_EVENT, TOGGLE_EVENT } from "./panel-events.ts";

/** `<tallymark-badge>`. Attributes: `endpoint`, `token`, `interval-ms` (1000), `inline` (in the flow, not at the corner). */
export type TallymarkBadgeElement = FeedElement;

declare global {
  interface HTMLElementTagNameMap {
    "tallymark-badge": TallymarkBadgeElement;
  }
}

/**
 * Defines `<tallymark-badge>`: a button with the number of events in the collector's ring and its status, which opens
 * and closes the page's `<tallymark-panel>` by a bubbling `tallymark-toggle` event. Defining it twice, or outside a
 * browser, does nothing.
 */
export function defineBadge(): void {
  if (typeof customElements === "undefined" || customElements.get("tallymark-badge")) return;

  // Inside the function, because HTMLElement does not exist in Node.
  class Badge extends HTMLElement implements TallymarkBadgeElement {
    static readonly observedAttributes = FEED_ATTRIBUTES;
    #client: TallymarkBadgeElement["client"];
    readonly #view = createBadgeView(this.attachShadow({ mode: "open", delegatesFocus: true }), () => this.#toggle());
    readonly #sync = linkToFeed(this, () => this.isConnected, this.#view.update);
    readonly #onPanelState = (event: CustomEvent<{ open: boolean }>) => this.#view.setExpanded(event.detail.open);

    get client() {
      return this.#client;
    }

    set client(client) {
      this.#client = client;
      this.#sync();
    }

    connectedCallback(): void {
      upgradeProperty(this, "client");
      // Beacons leave marked elements alone: looking at the events must not make events.
      this.setAttribute("data-tallymark-ignore", "");
      document.addEventListener(PANEL_STATE_EVENT, this.#onPanelState);
      this.#view.setExpanded(document.querySelector("tallymark-panel[open]") !== null);
      this.addEventListener("keydown", this.#closeOnEscape);
      this.#sync();
    }

    disconnectedCallback(): void {
      document.removeEventListener(PANEL_STATE_EVENT, this.#onPanelState);
      this.#view.stop();
      this.#sync();
    }

    attributeChangedCallback(): void {
      this.#sync();
    }

    #toggle(): void {
      this.dispatchEvent(new CustomEvent(TOGGLE_EVENT, { bubbles: true, composed: true }));
    }

    #closeOnEscape(event: KeyboardEvent): void {
      if (event.key === "Escape" && this.#view.isExpanded()) this.#toggle();
    }
  }

  customElements.define("tallymark-badge", Badge);
}
