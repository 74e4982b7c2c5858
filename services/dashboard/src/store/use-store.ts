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

/** The values of several stores, which are others when `stores` is another list. */
export function useStores<T>(stores: readonly Readable<T>[]): readonly T[] {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const values = stores.map((store) => store.get());
  useLayoutEffect(() => {
    if (stores.some((store, at) => !Object.is(store.get(), values[at]))) redraw(undefined);
    const leave = stores.map((store) => store.subscribe(() => redraw(undefined)));
    return () => {
      for (const end of leave) end();
    };
  }, [stores]);
  return values;
}
