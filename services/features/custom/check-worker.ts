import { parentPort, workerData } from 'node:worker_threads';
import { checkFeature } from './check-feature.ts';
import type { RecordedSpan } from './recorded-market.ts';

// Runs one check apart, so that a feature that never comes back can be ended.

export interface CheckWork {
  readonly file: string;
  readonly span: RecordedSpan | undefined;
}

const { file, span }: CheckWork = workerData;
try {
  parentPort!.postMessage({ report: await checkFeature(file, span) });
} catch (error) {
  parentPort!.postMessage({ refused: error instanceof Error ? error.message : String(error) });
}
