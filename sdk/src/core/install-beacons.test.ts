import { expect, it, vi } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { installBeacons } from "./install-beacons.ts";

it("starts each beacon, and stops each by its undo, though others fail", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const stop = vi.fn();
  const start = vi.fn(() => stop);
  const broken = () => {
    throw new Error("broken");
  };
  const client = spyClient();
  const undo = installBeacons([broken, start, () => broken], client);
  expect(start.mock.calls[0]).toEqual([client, undefined]);
  expect(stop).not.toHaveBeenCalled();
  undo();
  expect(stop).toHaveBeenCalledTimes(1);
  warn.mockRestore();
});
