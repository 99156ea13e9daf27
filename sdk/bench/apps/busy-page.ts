/**
 * A page that is never at rest: it changes its styles and its tree in timers, in every frame and in its own handlers, which
 * come before those of the SDK. What reads a size in a handler has the browser lay out these thousands of elements at once.
 * @module
 */
const ROWS = 300;
const EVERY_MS = 5;

const list = document.createElement("main");
for (let row = 0; row < ROWS; row++) {
  const item = document.createElement("section");
  const links = '<a href="#note">note</a> <a href="/file.pdf">file</a> <a href="http://elsewhere.test/">other</a>';
  item.innerHTML = `<p>Row</p><p><b>some text</b> <i>in it</i></p><p>${links} <button>none</button></p>`;
  list.append(item);
}

/** Where `useBusyPage` clicks: one below the other, and in the same place on every screen. */
const controls = document.createElement("form");
controls.innerHTML = `
  <button type="button">nothing</button>
  <button type="button" data-tallymark-event="signup">tagged</button>
  <a href="http://elsewhere.test/page">outbound</a>
  <a href="/file.pdf" download>download</a>
  <button type="button" id="route">route</button>
  <button type="button" id="back">back</button>
  <button type="button" id="fail">fail</button>
  <button>submit</button>
  <input name="q" />`;
controls.style.cssText = "position: fixed; top: 0; left: 0; width: 100px; z-index: 1; background: white";
const style = document.createElement("style");
style.textContent = "form > * { display: block; box-sizing: border-box; width: 100px; height: 40px; margin: 0 }";
document.head.append(style);
document.body.append(controls, list);

let turn = 0;
const disturb = (): void => {
  turn++;
  list.style.paddingLeft = `${120 + (turn % 7)}px`;
  const item = list.children[turn % ROWS] as HTMLElement;
  item.classList.toggle("changed");
  (item.firstElementChild as HTMLElement).textContent = `Row ${turn}`;
};

const disturbInFrame = (): void => {
  disturb();
  if (window.benchIsBusy) requestAnimationFrame(disturbInFrame);
};

const HANDLED =
  "pointerdown pointermove pointerup mousedown mouseup click auxclick keydown keyup input change submit scroll wheel " +
  "focus blur popstate visibilitychange pagehide error unhandledrejection selectionchange";
for (const type of HANDLED.split(" ")) addEventListener(type, disturb, true);

// Nothing leads away from here.
for (const type of ["click", "submit"]) document.addEventListener(type, (event) => event.preventDefault());

// As the patch of a router, so that the trace tells what the browser needs for a navigation from what we add: what is
// called by an event of a node shows there by itself.
for (const method of ["pushState", "replaceState"] as const) {
  const native = history[method].bind(history);
  history[method] = (...args) => {
    const navigate = (): void => {
      native(...args);
      disturb();
    };
    document.addEventListener("bench-navigate", navigate, { once: true });
    document.dispatchEvent(new Event("bench-navigate"));
  };
}

const on = (id: string, act: () => void) => document.getElementById(id)?.addEventListener("click", act);
// Each as a task that begins with the patched function: one that a page's function calls is in the trace a part of that.
on("route", () => {
  setTimeout(history.pushState.bind(history), 0, null, "", `/route/${turn}`);
  setTimeout(history.replaceState.bind(history), 30, null, "", `/route/${turn}/end`);
});
on("back", () => history.back());
on("fail", () => {
  setTimeout(() => {
    throw new TypeError(`The page's own fault ${turn}`);
  });
  Promise.reject(new Error(`Nobody catches this ${turn}`));
});

window.benchIsBusy = true;
disturbInFrame();
const timer = setInterval(() => (window.benchIsBusy ? disturb() : clearInterval(timer)), EVERY_MS);
