import { createDecoder } from '../../streams/events/decoder.ts';
import { type Bench, timeInTurn } from './bench.ts';
import { benchPayloads } from './bench-payloads.ts';

export default {
  name: 'decode-depth',
  summary: 'payload bytes → decoded depth event, checked',
  target: { of: 'ratio', at: 'least', bound: 4 },
  async run(context) {
    const { payloads, note } = benchPayloads(context);
    const depths = payloads.filter(([channel]) => channel === 'depth').map(([, payload]) => payload);
    const decoder = createDecoder();
    decoder.decode('instrument', payloads[0]![1]);
    let levels = 0;
    const [parseMs = 0, decodeMs = 0] = timeInTurn([
      () => {
        for (const payload of depths) levels += JSON.parse(payload.toString()).b.length;
      },
      () => {
        for (const payload of depths) {
          const event = decoder.decode('depth', payload);
          if (event.type === 'depthUpdate') levels -= event.bids.count;
        }
      },
    ]);
    if (levels !== 0) throw new Error(`decode-depth: the two count ${levels} levels differently`);
    return {
      name: 'decode-depth',
      value: (decodeMs * 1e6) / depths.length,
      unit: 'ns/event',
      reference: 'JSON.parse of the same bytes',
      referenceValue: (parseMs * 1e6) / depths.length,
      ratio: parseMs / decodeMs,
      ...(note === undefined ? {} : { note }),
    };
  },
} satisfies Bench;
