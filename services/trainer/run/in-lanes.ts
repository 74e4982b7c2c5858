/**
 * Does several things, so many at once.
 * @param signal aborted: nothing more begins
 * @param work is given its number, and a signal that is also aborted when another one fails
 * @returns what they came to, in their order
 * @throws what the first that failed threw, once all have ended
 */
export async function inLanes<Result>(
  count: number,
  lanes: number,
  signal: AbortSignal | undefined,
  work: (at: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])]);
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      either.throwIfAborted();
      const at = next++;
      results[at] = await work(at, either);
    }
  };
  const running = Array.from({ length: Math.max(1, Math.min(lanes, count)) }, async () => {
    try {
      await lane();
    } catch (error) {
      failed.abort(error);
    }
  });
  await Promise.all(running);
  failed.signal.throwIfAborted();
  return results;
}
