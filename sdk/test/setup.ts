import { beforeEach } from "vitest";
import { said } from "../src/core/warn.ts";

/** Runs before every unit test file of the SDK, those that run in plain Node too. */

if (typeof window !== "undefined") {
  // happy-dom's sendBeacon opens a real socket, and its failure would be an unhandled rejection in some other test.
  Object.defineProperty(navigator, "sendBeacon", { configurable: true, writable: true, value: () => true });
  // happy-dom's Request has no `keepalive`, which is how the SDK knows an old Firefox.
  Object.defineProperty(Request.prototype, "keepalive", { configurable: true, value: false });
}

// Each test is a page of its own.
beforeEach(() => said.clear());
