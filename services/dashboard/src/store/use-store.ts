import { useLayoutEffect, useReducer } from 'preact/hooks';
import type { Readable } from './store.ts';

/** The store's value; the component is drawn again when it has changed. */
export function useStore<T>(store: Readable<T>): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const value = store.get();
  useLayoutEffect(() => {
    // It may have changed between the drawing and the subscription.
    if (!Object.is(store.get(), value)) redraw(undefined);
    return store.subscribe(() => redraw(undefined));
  }, [store]);
  return value;
}
