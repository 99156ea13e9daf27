import { cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it } from "vitest";
import { stubClient } from "../../test/stub-client.ts";
import { TallymarkProvider } from "./tallymark-provider.tsx";
import { useTallymark } from "./use-tallymark.ts";
import { useTrack } from "./use-track.ts";

/** An interface, which has no index signature of its own. */
interface Events {
  signup: { plan: "free" | "pro" };
  help_opened: undefined;
}

const client = stubClient();
const wrapper = ({ children }: { children: ReactNode }) => (
  <TallymarkProvider client={client}>{children}</TallymarkProvider>
);

afterEach(() => {
  cleanup();
  client.track.mockClear();
});

it("useTrack passes on name, metadata and page", () => {
  const { result: track } = renderHook(() => useTrack(), { wrapper });
  track.current("a");
  track.current("b", { n: 1 }, { url: "/x" });
  expect(client.track.mock.calls).toEqual([["a"], ["b", { n: 1 }, { url: "/x" }]]);
});

it("useTrack checks names and metadata against an event map, at compile time", () => {
  const { result: track } = renderHook(() => useTrack<Events>(), { wrapper });
  track.current("signup", { plan: "pro" });
  track.current("help_opened");
  // @ts-expect-error: no such plan
  track.current("signup", { plan: "gold" });
  // @ts-expect-error: the plan is missing
  track.current("signup");
  // @ts-expect-error: no such event
  track.current("sign_up", { plan: "pro" });
  expect(client.track).toHaveBeenCalledTimes(5);
});

it("useTallymark does so too", () => {
  const { result: tallymark } = renderHook(() => useTallymark<Events>(), { wrapper });
  tallymark.current.track("signup", { plan: "free" });
  // @ts-expect-error: no such plan
  tallymark.current.track("signup", { plan: 1 });
  expect(client.track).toHaveBeenCalledTimes(2);
});
