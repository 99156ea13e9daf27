// @vitest-environment node
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import {
  DebugPanel,
  MetricsBadge,
  PrivilegedOnly,
  TallymarkProvider,
  useAutoBeacons,
  useSnapshot,
  useTallymark,
  useTrack,
} from "./index.ts";

let client: ReturnType<typeof useTallymark> | undefined;

function App() {
  client = useTallymark();
  const track = useTrack();
  useAutoBeacons();
  track("while_rendering");
  return `${client.getVisitorId()}${useSnapshot().status}`;
}

it("everything renders in Node, where nothing is sent", async () => {
  const html = renderToString(
    <TallymarkProvider options={{ endpoint: "https://stats.example.com", beacons: [() => expect.unreachable()] }}>
      <App />
      <MetricsBadge />
      <DebugPanel />
      <PrivilegedOnly>hidden</PrivilegedOnly>
    </TallymarkProvider>,
  );
  expect(html).toContain("loading");
  expect(html).not.toContain("hidden");
  await expect(client?.flush()).resolves.toBeUndefined();
});
