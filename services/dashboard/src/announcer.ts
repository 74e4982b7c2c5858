import { createStore } from './store/store.ts';

export interface Announcement {
  readonly n: number;
  readonly text: string;
}

/** Several may come before the next drawing, and a screen reader may be slow to read. */
const KEPT_MAX = 8;

/** What screen readers are told, the newest last. */
export const announcements = createStore<readonly Announcement[]>([]);

export function announce(text: string): void {
  const told = announcements.get();
  announcements.set([...told, { n: (told.at(-1)?.n ?? 0) + 1, text }].slice(-KEPT_MAX));
}
