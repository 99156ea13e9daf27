/** Timers, idle callbacks and frames, which run when the simulation says so. */
export function fakeTasks() {
  const tasks = new Map<number, () => void>();
  let frames: (() => void)[] = [];
  let lastId = 0;
  return {
    /** For `requestIdleCallback` too. */
    setTimeout(task: () => void): number {
      lastId += 1;
      tasks.set(lastId, task);
      return lastId;
    },
    clearTimeout(id: number): void {
      tasks.delete(id);
    },
    requestAnimationFrame(frame: () => void): void {
      frames.push(frame);
    },
    /** Those that are waiting, without those that they add. */
    runTasks(): void {
      for (const [id, task] of [...tasks]) if (tasks.delete(id)) task();
    },
    /** The next frame alone: what is asked for in a frame is for the one after it. */
    runFrame(): void {
      const due = frames;
      frames = [];
      for (const frame of due) frame();
    },
  };
}
