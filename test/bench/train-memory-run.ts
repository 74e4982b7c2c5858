import { setImmediate } from 'node:timers/promises';
import { createPpo } from '../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../services/trainer/algorithms/ppo-settings.ts';
import { openBackend } from '../../services/trainer/backend/backend.ts';
import { cartPole } from '../control-tasks/cart-pole.ts';
import type { TrainMemory } from './train-memory.ts';

/** One training in a process of its own: `node --expose-gc test/bench/train-memory-run.ts STEPS`. */

const ENVIRONMENTS = 8;
const SAMPLES = 20;

async function main(totalSteps: number): Promise<void> {
  const backend = await openBackend();
  const settings = PPO_SETTINGS.parse({ totalSteps, normalisesObservations: true, normalisesReturns: true });
  const ppo = createPpo(backend, Array.from({ length: ENVIRONMENTS }, cartPole), settings, 1);
  const startMs = performance.now();
  const tensors = backend.tensors();
  const rss: number[] = [];
  const heap: number[] = [];
  while (!ppo.isDone()) {
    ppo.update();
    // As `train` does.
    await setImmediate();
    if (ppo.globalStep() < ((rss.length + 1) / SAMPLES) * totalSteps) continue;
    globalThis.gc!();
    const used = process.memoryUsage();
    rss.push(used.rss / 1e6);
    heap.push((used.heapUsed + used.external) / 1e6);
  }
  const found: TrainMemory = {
    steps: ppo.globalStep(),
    seconds: (performance.now() - startMs) / 1_000,
    rss,
    heap,
    tensorsLeft: backend.tensors() - tensors,
  };
  process.stdout.write(JSON.stringify(found));
}

if (import.meta.main) await main(Number(process.argv[2]));
