import { openEnvironmentThreads } from '../../../../services/trainer/algorithms/environment-threads.ts';

// A process that ends without closing its threads.

const module = new URL('./threaded-tasks.ts', import.meta.url);
const group = await openEnvironmentThreads({ module, options: { task: 'cart-pole' }, count: 3, threads: 2 });
group.begin(new Map([[2, { seed: 1, actions: new Float32Array(3) }]]));
console.log(group.columns.returns[2]);
