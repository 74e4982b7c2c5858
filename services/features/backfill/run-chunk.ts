import type { Redis } from 'ioredis';
import { barClock, makesBars } from '../../../operators/bar-clock.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { featureSet } from '../../../operators/features/feature-set.ts';
import { type FeatureSet, needsBook } from '../../../operators/features/resolve-feature-set.ts';
import { startInputs } from '../../../pipelines/book-at.ts';
import { createPairInputs } from '../../../pipelines/pair-inputs.ts';
import { parseEntryId } from '../../../streams/id.ts';
import { replayMerged } from '../../../streams/merge.ts';
import type { RecordingName } from '../../../streams/recordings.ts';
import type { Chunk } from './chunk.ts';
import { type BarItem, type ChunkResult, createSampleTable, SAMPLE_COLUMNS, type SamplePlace } from './chunk-result.ts';

export interface RunChunkOptions {
  readonly redis: Redis;
  readonly instrument: string;
  readonly recording: string;
  /** Where the set is one of two instruments. */
  readonly other?: RecordingName | undefined;
  /** Of features of events; it may be empty. */
  readonly set: FeatureSet;
  readonly chunk: Chunk;
}

/** Goes through one chunk of a recording: what the set says in it and some way behind it, and the bars of its clock. */
export async function runChunk(options: RunChunkOptions): Promise<ChunkResult> {
  const { redis, instrument, recording, other, set, chunk } = options;
  const recordings = [{ instrument, recording }, ...(other === undefined ? [] : [other])];
  const starts = await Promise.all(recordings.map((of) => startInputs(redis, of, chunk.warmFromMs, needsBook(set))));
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
    if (makesBars(set.clock, input)) {
      const bar = clock.project(clock.evolve(barsState, input), input);
      if (bar !== undefined && isInChunk && !isBehind) bars.push([table.samples, bar]);
    }
    state = evolve(state, input);
    const vector = project(state, input);
    if (vector !== undefined && isInChunk) table.add(place!, vector);
  }

  const inputs = createPairInputs(onInput, { own: { scale: starts[0]!.scale }, other: { scale: starts[1]?.scale } });
  let events = 0;
  const to = chunk.comparedToMs - 1;
  const logs = recordings.map((of, n) => ({ redis, ...of, from: starts[n]!.from, to }));
  for await (const entries of replayMerged(logs))
    for (const { log, entry } of entries) {
      const { entryId, events: logged } = entry;
      const { ms } = parseEntryId(entryId);
      isInChunk = ms >= chunk.fromMs;
      if (!isBehind && ms >= chunk.toMs) {
        isBehind = true;
        own = table.samples;
      }
      for (let index = 0; index < logged.length; index++) {
        const { channel, payload, receiveTimeUs } = logged[index]!;
        place = { entryId, index, receiveTimeUs };
        inputs.push(log, channel, payload);
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
