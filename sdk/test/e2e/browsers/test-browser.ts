/**
 * A real browser, as the fault tests see it: what a visitor can do, the same for every engine.
 * @module
 */

/** A running browser. Its profiles come one after the other: the visitor of a test is not the one of the test before. */
export interface TestBrowser {
  /** A visitor who has never been here: storage of its own, shared by its tabs. */
  newProfile(): Promise<Profile>;
  /** Ends the browser and all its processes, and removes its files. */
  close(): Promise<void>;
}

export interface Profile {
  /** Opens an address in a new tab in front of the others, and waits for the load event. */
  open(url: string): Promise<Tab>;
  /** Cuts the whole profile from the network, loopback too, or connects it again. */
  setOffline(isOffline: boolean): Promise<void>;
  /**
   * What the console says in red about the pages of this visitor: errors that nobody caught, violations of a policy. Not
   * requests that failed: the tests make them fail.
   */
  complaints(): Promise<readonly string[]>;
  /** Closes all tabs; nothing of the visitor is left. */
  close(): Promise<void>;
}

export interface Tab {
  /** Goes to another address, as by the address bar, and waits for the load event. */
  goto(url: string): Promise<void>;
  /**
   * Runs a function in the page and resolves to what it returns, a promise too. The function sees nothing of the test but
   * its argument; both travel as JSON.
   */
  evaluate<Result, Argument = undefined>(
    work: (argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result>;
  /** Presses and releases a button of the mouse, as a hand does, at a point of the viewport (CSS pixels). */
  click(point: Point, options?: ClickOptions): Promise<void>;
  /** Presses and releases a key: one character, or `Enter`, `Tab`, `Space`, `Escape`. */
  press(key: string): Promise<void>;
  /** Turns the wheel over a point, by so many CSS pixels down. */
  wheel(point: Point, deltaY: number): Promise<void>;
  /** One step back in the history; resolves when the address has changed. */
  back(): Promise<void>;
  /** Closes the tab as a visitor does: the page is told, and has no time. */
  close(): Promise<void>;
  /** Ends the page's process as a system short of memory does: the page is not told. */
  kill(): Promise<void>;
  /**
   * Unloads a tab in the background, as the browser does to save memory, and returns when it is gone. `restore` brings
   * the tab to the front, and the browser loads it again.
   */
  discard(): Promise<{ restore(): Promise<void> }>;
}

/** Of the viewport, in CSS pixels from its left and upper edge. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ClickOptions {
  /** Default `left`. */
  readonly button?: "left" | "middle" | "right";
  /** A key that is held meanwhile. */
  readonly holding?: "Alt" | "Control" | "Meta" | "Shift";
}

/** What an engine can do beside the rest. */
export interface EngineFeatures {
  /** Keeps the page that was left in memory. */
  readonly backForwardCache: boolean;
  /** Loads a page before the visitor goes there: speculation rules. */
  readonly prerender: boolean;
  /** Sends a request when the page is gone, however it ended. */
  readonly fetchLater: boolean;
  /** Shows one tab at a time; `discard` works on the others. */
  readonly hiddenTabs: boolean;
}

/** A browser that this machine may have. */
export interface Engine {
  readonly name: string;
  /** Absent where it is not installed. */
  readonly executablePath: string | undefined;
  readonly features: EngineFeatures;
  launch(): Promise<TestBrowser>;
}
