/**
 * What no beacon may be: it polls, forces layout, and takes its time. The trace has to find all three.
 * @module
 */
addEventListener("click", () => document.documentElement.scrollHeight, true);

addEventListener(
  "keydown",
  () => {
    const startedAt = performance.now();
    while (performance.now() - startedAt < 3);
  },
  true,
);

const poll = () => void setTimeout(poll, 500);
poll();
