import type { FileHandle } from "node:fs/promises";
import { expect, vi } from "vitest";
import { fileHandlePrototype } from "./file-handle-prototype.ts";

/** Watches every write of a file handle, which with `fsync` is on the disk when it resolves. */
export async function watchWrites() {
  const prototype = await fileHandlePrototype();
  const original = prototype.write;
  const write = vi.spyOn(prototype, "write");
  return { write, hold };

  /** Holds every write back until the function it returns is called. */
  function hold(): () => void {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held = async function (this: FileHandle, ...args: readonly unknown[]) {
      await gate;
      return Reflect.apply(original, this, args);
    };
    write.mockImplementation(held as FileHandle["write"]);
    return release;
  }
}

/** Waits until a mock was called so many times. */
export async function untilCalled(
  mock: { readonly mock: { readonly calls: unknown[] } },
  times: number,
): Promise<void> {
  await vi.waitFor(() => expect(mock.mock.calls.length).toBeGreaterThanOrEqual(times));
}
