import type { ModelRecord, StageChange } from './model-record.ts';

/** A model as programs read it: times in µs since the epoch. */
export function modelJson({ createdMs, train, test, ...record }: ModelRecord) {
  return {
    ...record,
    train: { from: train.fromMs * 1_000, to: train.toMs * 1_000 },
    test: { from: test.fromMs * 1_000, to: test.toMs * 1_000 },
    strategy: `model:${record.id}`,
    createdTime: createdMs * 1_000,
  };
}

/** One of its changes. */
export function changeJson({ model: _, atMs, ...change }: StageChange) {
  return { ...change, time: atMs * 1_000 };
}
