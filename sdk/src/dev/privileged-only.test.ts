import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readDevMode } from "./guard.ts";
import { definePrivilegedOnly } from "./privileged-only.ts";

function switchTo(mode: "0" | "1"): void {
  history.replaceState(null, "", `/?dev=${mode}`);
}

function withTemplate() {
  const host = document.createElement("tallymark-privileged-only");
  const template = document.createElement("template");
  const secret = document.createElement("p");
  secret.textContent = "for developers";
  template.content.append(secret);
  return { host, template };
}

beforeEach(() => definePrivilegedOnly());

afterEach(() => {
  document.body.replaceChildren();
  switchTo("0");
  readDevMode({ track() {} });
});

describe("<tallymark-privileged-only>", () => {
  it("shows a copy of its template while developer mode is on", () => {
    switchTo("1");
    const { host, template } = withTemplate();
    host.append(template);
    document.body.append(host);
    expect(host.querySelector("p")?.textContent).toBe("for developers");
    expect(template.content.querySelector("p")).not.toBeNull();
  });

  it("shows nothing while it is off", async () => {
    const { host, template } = withTemplate();
    host.append(template);
    document.body.append(host);
    await Promise.resolve();
    expect([...host.children]).toEqual([template]);
  });

  it("waits for a template that comes later, as it does from a parser", async () => {
    switchTo("1");
    const { host, template } = withTemplate();
    document.body.append(host);
    expect(host.children).toHaveLength(0);
    host.append(template);
    await vi.waitFor(() => expect(host.querySelector("p")).not.toBeNull());
  });

  it("shows it once when moved, and not at all after developer mode went off", () => {
    switchTo("1");
    const { host, template } = withTemplate();
    host.append(template);
    document.body.append(host);
    document.body.append(host);
    expect(host.querySelectorAll("p")).toHaveLength(1);
    switchTo("0");
    document.body.append(host);
    expect(host.querySelectorAll("p")).toHaveLength(0);
  });

  it("tells its client that developer mode was switched on", () => {
    switchTo("1");
    const { host } = withTemplate();
    const client = { track: vi.fn() };
    document.body.append(host);
    host.client = client;
    expect(client.track.mock.calls).toEqual([["dev_mode_enabled"]]);
  });
});
