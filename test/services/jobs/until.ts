import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until there is an answer. @throws after `withinMs`, saying what was waited for */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false>,
  withinMs = 60_000,
): Promise<Answer> {
  for (const endMs = Date.now() + withinMs; Date.now() < endMs; await sleep(30)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`waited ${withinMs} ms for ${what}`);
}
