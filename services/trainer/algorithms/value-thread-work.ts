import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openBackend } from '../backend/backend.ts';
import { markGone, takeTurns, WORK } from './thread-turns.ts';
import { type ValueLearner, valueLearner } from './value-learner.ts';
import { READY, type ValueThreadWork, type ValueWork } from './value-thread.ts';

// Learns values as a thread. Who waits for it blocks, and could not hear of its end: it tells that itself.

const { backend: name, words, port }: ValueThreadWork = workerData;
try {
  const backend = await openBackend(name);
  port.postMessage(READY);
  let work: (ValueWork & { readonly learner: ValueLearner }) | undefined;
  takeTurns(words, (turn) => {
    if (turn === WORK.close) return;
    const told = receiveMessageOnPort(port)?.message as ValueWork | undefined;
    if (told !== undefined) work = { ...told, learner: valueLearner(backend, told.learning) };
    const { learner, named, loss } = work!;
    learner.begin(named.subarray(1, 1 + named[0]!));
    loss[0] = learner.finish();
  });
} catch (error) {
  port.postMessage(error instanceof Error ? error.message : String(error));
  markGone(words);
} finally {
  port.close();
}
