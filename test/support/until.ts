import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until there is an answer. The time is what a machine may take that is busy with other tests, not what the thing
 * should take: a test that states how long something takes measures it.
 * @throws after `withinMs`, saying what was waited for
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  withinMs = 60_000,
): Promise<Answer> {
  for (const endMs = performance.now() + withinMs; performance.now() < endMs; await sleep(20)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`waited ${withinMs} ms for ${what}`);
}
