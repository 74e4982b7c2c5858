import { onNextFrame } from './frame.ts';

/** Calls `task` later, once however often it is asked for until then. */
export type Schedule = (task: () => void) => void;

/** What views draw themselves from: they read it, and are told once a frame when it has changed. */
export interface Readable<T> {
  get(): T;
  /** Calls `listener` after changes; the answer ends that. */
  subscribe(listener: () => void): () => void;
}

/** One value. */
export interface Store<T> extends Readable<T> {
  set(next: T): void;
}

export function createStore<T>(initial: T, schedule: Schedule = onNextFrame): Store<T> {
  let value = initial;
  const listeners = createListeners(schedule);
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      listeners.tell();
    },
    subscribe: listeners.add,
  };
}

/** Those who are told of a change, once a frame. */
export function createListeners(schedule: Schedule): { add(listener: () => void): () => void; tell(): void } {
  const listeners = new Set<() => void>();
  const tellAll = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: () => schedule(tellAll),
  };
}
