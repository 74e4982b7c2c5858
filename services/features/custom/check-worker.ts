import { parentPort, workerData } from 'node:worker_threads';
import { checkFeature } from './check-feature.ts';

// Runs one check apart, so that a feature that never comes back can be ended.
try {
  parentPort!.postMessage({ report: await checkFeature(String(workerData)) });
} catch (error) {
  parentPort!.postMessage({ refused: error instanceof Error ? error.message : String(error) });
}
