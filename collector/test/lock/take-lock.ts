/**
 * A process that takes a lock when the clock says so: `take-lock.ts PATH AT_MS [exit]`. Prints one line, `held` or the
 * holder's process id; then waits to be killed, or with `exit` leaves at once without letting go.
 */
import { FolderLockedError, takeFolderLock } from "../../src/disk/folder-lock.ts";

const [path = "", at = "0", then = ""] = process.argv.slice(2);
while (Date.now() < Number(at)) {
  // Busy, so that all begin in the same moment.
}
try {
  await takeFolderLock(path);
  process.stdout.write("held\n");
} catch (error) {
  if (!(error instanceof FolderLockedError)) throw error;
  process.stdout.write(`${error.pid}\n`);
}
if (then === "exit") process.exit(0);
setInterval(() => {}, 2 ** 30);
