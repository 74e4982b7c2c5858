import type { Redis } from 'ioredis';
import { barClock } from '../../../operators/bar-clock.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { featureSet } from '../../../operators/features/feature-set.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { scaleBefore, startWithBook } from '../../../pipelines/book-at.ts';
import { createFeatureInputs } from '../../../pipelines/feature-inputs.ts';
import { parseEntryId } from '../../../streams/id.ts';
import { rawKey } from '../../../streams/keys.ts';
import { replay } from '../../../streams/replay.ts';
import type { Chunk } from './chunk.ts';
import { type BarItem, type ChunkResult, createSampleTable, SAMPLE_COLUMNS, type SamplePlace } from './chunk-result.ts';

export interface RunChunkOptions {
  readonly redis: Redis;
  readonly instrument: string;
  readonly recording: string;
  /** Of features of events; it may be empty. */
  readonly set: FeatureSet;
  readonly chunk: Chunk;
}

/** Goes through one chunk of a recording: what the set says in it and some way behind it, and the bars of its clock. */
export async function runChunk(options: RunChunkOptions): Promise<ChunkResult> {
  const { redis, instrument, recording, set, chunk } = options;
  const key = rawKey(instrument, recording);
  const from = (await startWithBook(redis, key, chunk.warmFromMs)) ?? chunk.warmFromMs;
  const { initialState, evolve, project } = featureSet(set);
  const clock = barClock(set.clock);
  const barsState = clock.initialState();
  let state = initialState();
  const table = createSampleTable(set.columns.length);
  const bars: BarItem[] = [];
  let place: SamplePlace | undefined;
  let isInChunk = false;
  let isBehind = false;
  let own = 0;

  function onInput(input: FeatureInput): void {
    if (input.type === 'trade' || input.type === 'gap') {
      const bar = clock.project(clock.evolve(barsState, input), input);
      if (bar !== undefined && isInChunk && !isBehind) bars.push([table.samples, bar]);
    }
    state = evolve(state, input);
    const vector = project(state, input);
    if (vector !== undefined && isInChunk) table.add(place!, vector);
  }

  const inputs = createFeatureInputs(onInput, await scaleBefore(redis, key, from));
  let events = 0;
  for await (const entries of replay({ redis, instrument, recording, from, to: chunk.comparedToMs - 1 }))
    for (const { entryId, events: logged } of entries) {
      const { ms } = parseEntryId(entryId);
      isInChunk = ms >= chunk.fromMs;
      if (!isBehind && ms >= chunk.toMs) {
        isBehind = true;
        own = table.samples;
      }
      for (let index = 0; index < logged.length; index++) {
        const { channel, payload, receiveTimeUs } = logged[index]!;
        place = { entryId, index, receiveTimeUs };
        inputs.push(channel, payload);
      }
      if (isInChunk && !isBehind) events += logged.length;
    }
  return {
    samples: table.samples,
    own: isBehind ? own : table.samples,
    table: table.take(),
    width: SAMPLE_COLUMNS + set.columns.length,
    bars,
    events,
    tickSize: inputs.scale?.price.size ?? '1',
    stepSize: inputs.scale?.qty.size ?? '1',
  };
}
