import { createStore, type Readable } from './store/store.ts';

const now = createStore(Date.now());

/** The time in ms since the epoch, once a second: what counts down or ages is drawn from it. */
export const clock: Readable<number> = now;

export function startClock(): void {
  setInterval(() => now.set(Date.now()), 1000);
}
