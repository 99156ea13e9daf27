import type { HttpBindings } from "@hono/node-server";
import type { ErrorCode } from "@tallymark/sdk/protocol";

/** What travels with a request through our routes. */
export interface CollectorEnv {
  /** Node's own request, where the app runs on @hono/node-server; absent elsewhere, as in `app.request()`. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** Correlation id: of the answer's `X-Request-Id`, and of our log lines. */
    requestId: string;
    /** Set where the answer is a refusal or a failure. */
    error?: ErrorCode;
  };
}
