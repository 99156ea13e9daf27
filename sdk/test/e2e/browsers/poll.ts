const EVERY_MS = 20;

/**
 * Asks again and again until there is an answer. A question that fails, because the page is just being replaced, is asked
 * again.
 * @param what is awaited, for the error
 * @throws Error after `timeoutMs`, with the last failure
 */
export async function poll<Answer>(
  what: string,
  ask: () => Answer | undefined | false | Promise<Answer | undefined | false>,
  timeoutMs = 10_000,
): Promise<Answer> {
  const deadline = Date.now() + timeoutMs;
  let failure: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause: failure });
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
