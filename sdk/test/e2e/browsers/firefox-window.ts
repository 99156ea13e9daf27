import type { MarionetteConnection } from "./marionette-connection.ts";

/** Firefox's one window. Its commands apply to the tab that was chosen last, so they are made one after the other. */
export interface FirefoxWindow {
  /** Runs a function in a tab's page, in its own realm but for the function itself, and resolves to what it returns. */
  inTab<Result>(
    handle: string,
    work: (...args: never[]) => Result | Promise<Result>,
    ...args: unknown[]
  ): Promise<Result>;
  /** Sends a command to a tab. */
  command<Result>(handle: string, command: string, parameters?: object): Promise<Result>;
  /** Runs the text of a function's body in the browser's own code; `arguments` holds what follows. */
  inBrowser<Result>(script: string, ...args: unknown[]): Promise<Result>;
  /** Ids of all tabs. */
  handles(): Promise<string[]>;
}

export async function createFirefoxWindow(marionette: MarionetteConnection): Promise<FirefoxWindow> {
  const { send } = marionette;
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <Result>(step: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(step);
    last = turn.catch(() => {});
    return turn;
  };

  const execute = async <Result>(script: string, args: readonly unknown[]): Promise<Result> => {
    // No sandbox means: the function sees the page's own objects, not the browser's view of them.
    const { value } = await send<{ value: Result }>("WebDriver:ExecuteScript", { script, args, sandbox: null });
    return value;
  };

  const choose = (handle: string) => send("WebDriver:SwitchToWindow", { handle, focus: false });

  await send("WebDriver:NewSession", { capabilities: { alwaysMatch: { unhandledPromptBehavior: "ignore" } } });

  return {
    inTab: (handle, work, ...args) =>
      inTurn(async () => {
        await choose(handle);
        return execute(`return (${work})(...arguments)`, args);
      }),
    command: (handle, command, parameters) =>
      inTurn(async () => {
        await choose(handle);
        return send(command, parameters);
      }),
    inBrowser: (script, ...args) =>
      inTurn(async () => {
        await send("Marionette:SetContext", { value: "chrome" });
        try {
          return await execute(script, args);
        } finally {
          await send("Marionette:SetContext", { value: "content" });
        }
      }),
    handles: () => inTurn(() => send<string[]>("WebDriver:GetWindowHandles")),
  };
}
