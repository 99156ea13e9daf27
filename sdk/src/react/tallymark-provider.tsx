"use client";
import { type ReactElement, type ReactNode, useMemo, useState } from "react";
import { createTallymark } from "../core/client.ts";
import type { Tallymark, TallymarkOptions } from "../core/options.ts";
import { createDeferredClient } from "./deferred-client.ts";
import { createHookBeacons } from "./hook-beacons.ts";
import { TallymarkContext } from "./tallymark-context.ts";
import { useInstalled } from "./use-installed.ts";

/** Either the `options` to make a client from, or a `client` the app has made and stops by itself. */
export type TallymarkProviderProps = { readonly children?: ReactNode } & (
  | { readonly options: TallymarkOptions; readonly client?: never; readonly endpoint?: never }
  | {
      readonly client: Tallymark;
      /** Where that client's collector is: the default of the developer tools below. */
      readonly endpoint?: string | undefined;
      readonly options?: never;
    }
);

/**
 * Gives a client to the hooks and components below it. Made from `options`, the client starts when the provider mounts in
 * a browser (one client, also under StrictMode and when hydrating) and stops when it unmounts. `options` are read at that
 * moment and not again; give the provider another `key` to start anew. On a server only the children are rendered.
 *
 * @example
 * const options = { endpoint: "https://stats.example.com", beacons: [pageViews()] };
 * <TallymarkProvider options={options}><App /></TallymarkProvider>
 */
export function TallymarkProvider({ options, client, endpoint, children }: TallymarkProviderProps): ReactElement {
  const [deferred] = useState(createDeferredClient);
  const [hooks] = useState(createHookBeacons);

  useInstalled([client], () => {
    if (client) return hooks.beacon(client);
    const own = createTallymark({ ...options, beacons: [...(options.beacons ?? []), hooks.beacon] });
    deferred.attach(own);
    return () => {
      deferred.detach();
      own.stop();
    };
  });

  const known = client ?? deferred.client;
  const where = endpoint ?? options?.endpoint;
  const value = useMemo(() => ({ client: known, endpoint: where, install: hooks.install }), [known, where, hooks]);
  return <TallymarkContext.Provider value={value}>{children}</TallymarkContext.Provider>;
}
