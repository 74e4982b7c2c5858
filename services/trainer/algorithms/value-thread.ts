import { once } from 'node:events';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Backend } from '../backend/backend.ts';
import { awaitTurn, createTurnWords, giveTurn, type TurnWords, WORK } from './thread-turns.ts';
import type { ValueLearner, ValueLearning } from './value-learner.ts';

/** A second thread, on which values are learned while the caller learns the policy. It is for one learner. */
export interface ValueThread {
  /** @param learning its arrays lie in shared memory */
  readonly learn: (learning: ValueLearning) => ValueLearner;
  readonly close: () => Promise<void>;
}

/** What the thread is started with. */
export interface ValueThreadWork {
  readonly backend: Backend['name'];
  readonly words: TurnWords;
  readonly port: MessagePort;
}

/** What it is told before its first turn. */
export interface ValueWork {
  readonly learning: ValueLearning;
  /** uint32: how many are named, then which. */
  readonly named: Uint32Array;
  /** float64[1]: is written. */
  readonly loss: Float64Array;
}

/** What the thread says first; else why it ends. */
export const READY = 'ready';
const NO_WORD = 'it did not say why';

/** A minibatch takes milliseconds: a thread that is silent for so long has ended. */
const PATIENCE_MS = 120_000;

/**
 * Starts the thread. What is learned is the same to the last bit as without it. It does not keep the process alive.
 * @throws Error where it does not start; its learner throws where it fails
 */
export async function openValueThread(backend: Backend['name']): Promise<ValueThread> {
  const words = createTurnWords(1);
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./value-thread-work.ts', import.meta.url), {
    workerData: { backend, words, port: port2 } satisfies ValueThreadWork,
    transferList: [port2],
  });
  const exited = new Promise<void>((resolve) => worker.on('exit', () => resolve()));
  const [said] = await Promise.race([once(port1, 'message') as Promise<[string]>, exited.then(() => [NO_WORD])]);
  if (said !== READY) {
    port1.close();
    throw ended(said);
  }
  worker.on('error', () => {});
  for (const each of [worker, port1]) each.unref();

  return {
    learn(learning) {
      const rows = learning.values.length;
      const named = new Uint32Array(new SharedArrayBuffer(4 * (1 + rows)));
      const loss = new Float64Array(new SharedArrayBuffer(8));
      port1.postMessage({ learning, named, loss } satisfies ValueWork);
      return {
        begin(rowsNow) {
          named[0] = rowsNow.length;
          named.set(rowsNow, 1);
          giveTurn(words, WORK.step);
        },
        finish() {
          if (!awaitTurn(words, PATIENCE_MS)) throw ended(receiveMessageOnPort(port1)?.message ?? NO_WORD);
          return loss[0]!;
        },
      };
    },
    async close() {
      worker.ref();
      giveTurn(words, WORK.close);
      await exited;
      port1.close();
    },
  };
}

function ended(said: string): Error {
  return new Error(`values: their thread has ended: ${said}`);
}
