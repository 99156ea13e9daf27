import { act, cleanup, render } from "@testing-library/react";
import { StrictMode, useEffect } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { stubClient } from "../../test/stub-client.ts";
import { pageViews } from "../beacons/page-views.ts";
import type { Beacon, Tallymark } from "../core/options.ts";
import { TallymarkProvider } from "./tallymark-provider.tsx";
import { useTallymark } from "./use-tallymark.ts";
import { useTrack } from "./use-track.ts";

const endpoint = "https://stats.example.com";

/** Counts how often a client was started, and is what a page would see of it. */
function countingBeacon() {
  const stop = vi.fn();
  const start = vi.fn<Beacon>((client) => {
    client.track("started");
    return stop;
  });
  return { start, stop };
}

/** Takes what is sent, by fetch or as a beacon. Resolves to the names of all events, in order. */
function stubNetwork() {
  const bodies: BodyInit[] = [];
  const take = (body?: BodyInit | null) => body && bodies.push(body);
  vi.stubGlobal("fetch", async (_url: string, init?: RequestInit) => {
    take(init?.body);
    return Response.json({ ok: true }, { status: 202 });
  });
  vi.spyOn(navigator, "sendBeacon").mockImplementation((_url, body) => {
    take(body);
    return true;
  });
  return async (): Promise<readonly string[]> => {
    const texts = await Promise.all(bodies.map((body) => new Response(body).text()));
    return texts.flatMap((text) => JSON.parse(text).events.map(({ event }: { event: string }) => event));
  };
}

function TracksOnMount() {
  const track = useTrack();
  useEffect(() => track("child_mounted"), [track]);
  return <p>child</p>;
}

/** What the hooks gave on each render. */
const seen: { readonly client: Tallymark; readonly track: ReturnType<typeof useTrack> }[] = [];

function Spy() {
  seen.push({ client: useTallymark(), track: useTrack() });
  return <TracksOnMount />;
}

afterEach(async () => {
  cleanup();
  await Promise.resolve();
  seen.length = 0;
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe("TallymarkProvider", () => {
  it.each([
    ["StrictMode", true],
    ["no StrictMode", false],
  ])("makes one client and stops it on unmount, in %s", async (_, isStrict) => {
    stubNetwork();
    const { start, stop } = countingBeacon();
    const app = <TallymarkProvider options={{ endpoint, beacons: [start] }}>x</TallymarkProvider>;
    const { unmount } = render(isStrict ? <StrictMode>{app}</StrictMode> : app);
    await Promise.resolve();
    expect([start.mock.calls.length, stop.mock.calls.length]).toEqual([1, 0]);
    unmount();
    await Promise.resolve();
    expect([start.mock.calls.length, stop.mock.calls.length]).toEqual([1, 1]);
  });

  it("sends one page view in StrictMode, and what a child tracked in its first effect", async () => {
    const sent = stubNetwork();
    const { unmount } = render(
      <StrictMode>
        <TallymarkProvider options={{ endpoint, beacons: [pageViews()] }}>
          <TracksOnMount />
        </TallymarkProvider>
      </StrictMode>,
    );
    unmount();
    await vi.waitFor(async () => expect(await sent()).toContain("page_view"));
    // StrictMode runs the child's own effect twice, and that is the child's to answer for.
    expect(await sent()).toEqual(["page_view", "child_mounted", "child_mounted"]);
  });

  it("does not start anew when rendered again with options written in place", async () => {
    stubNetwork();
    const { start } = countingBeacon();
    const app = () => <TallymarkProvider options={{ endpoint, beacons: [start] }}>x</TallymarkProvider>;
    const { rerender } = render(app());
    rerender(app());
    await Promise.resolve();
    expect(start).toHaveBeenCalledTimes(1);
  });

  it("renders its children on a server, and does nothing else there", () => {
    const { start } = countingBeacon();
    const html = renderToString(
      <TallymarkProvider options={{ endpoint, beacons: [start] }}>
        <TracksOnMount />
      </TallymarkProvider>,
    );
    expect(html).toBe("<p>child</p>");
    expect(start).not.toHaveBeenCalled();
  });

  it("starts one client when hydrating in StrictMode, without a mismatch", async () => {
    stubNetwork();
    const { start } = countingBeacon();
    const onRecoverableError = vi.fn();
    const app = (
      <StrictMode>
        <TallymarkProvider options={{ endpoint, beacons: [start] }}>
          <TracksOnMount />
        </TallymarkProvider>
      </StrictMode>
    );
    const container = document.createElement("div");
    const template = document.createElement("template");
    template.innerHTML = renderToString(app);
    container.append(template.content);
    document.body.append(container);
    const root = await act(async () => hydrateRoot(container, app, { onRecoverableError }));
    expect(start).toHaveBeenCalledTimes(1);
    expect(onRecoverableError).not.toHaveBeenCalled();
    await act(async () => root.unmount());
  });

  it("passes on a client of the app, and leaves it running on unmount", async () => {
    const client = stubClient();
    const { unmount } = render(
      <TallymarkProvider client={client}>
        <Spy />
      </TallymarkProvider>,
    );
    unmount();
    await Promise.resolve();
    expect(seen[0]?.client).toBe(client);
    expect(client.track).toHaveBeenCalledWith("child_mounted");
    expect(client.stop).not.toHaveBeenCalled();
  });

  it("starts anew with its new options when it is given another key, and takes what the old one was told", async () => {
    const sent = stubNetwork();
    const warn = vi.spyOn(console, "warn");
    const app = (key: string, sampleRate: number) => (
      <StrictMode>
        <TallymarkProvider key={key} options={{ endpoint, sampleRate, beacons: [pageViews()] }}>
          <TracksOnMount />
        </TallymarkProvider>
      </StrictMode>
    );
    const { rerender } = render(app("none", 0));
    rerender(app("all", 1));
    await Promise.resolve();
    rerender(app("none again", 0));
    await vi.waitFor(async () => expect(await sent()).toEqual(["page_view", "child_mounted", "child_mounted"]));
    expect(warn).not.toHaveBeenCalled();
  });

  it("gives hooks the same client and the same track on each render", () => {
    stubNetwork();
    const app = () => (
      <TallymarkProvider options={{ endpoint }}>
        <Spy />
      </TallymarkProvider>
    );
    const { rerender } = render(app());
    rerender(app());
    expect(seen).toHaveLength(2);
    expect(seen[1]?.client).toBe(seen[0]?.client);
    expect(seen[1]?.track).toBe(seen[0]?.track);
  });
});
