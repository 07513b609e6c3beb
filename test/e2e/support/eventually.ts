/** Asks `probe` until it answers something, or throws what it last threw when the deadline passes. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = 20_000,
): Promise<T> {
  const until = performance.now() + deadlineMs;
  let last: unknown;
  do {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  } while (performance.now() < until);
  throw new Error(`Not within ${deadlineMs} ms: ${what}`, { cause: last });
}
