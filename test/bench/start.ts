import { type Bench, median } from './bench.ts';
import { donHome, firstEvent } from './running-don.ts';

const STARTS = 5;

export default {
  name: 'start',
  summary: 'second start to first live event',
  target: { of: 'value', at: 'most', bound: 10 },
  async run({ say }) {
    const home = await donHome();
    try {
      await (await home.start()).stop();
      const seconds: number[] = [];
      for (let n = 0; n < STARTS; n++) {
        const startMs = performance.now();
        const don = await home.start();
        await firstEvent(don, 'book:simulated:BTCUSDT');
        seconds.push((performance.now() - startMs) / 1_000);
        say(`start ${n + 1} of ${STARTS}: ${seconds.at(-1)!.toFixed(1)} s`);
        await don.stop();
      }
      return { name: 'start', value: median(seconds), unit: 's', reference: null, referenceValue: null, ratio: null };
    } finally {
      home.remove();
    }
  },
} satisfies Bench;
