import { parentPort, workerData } from 'node:worker_threads';
import { openSender } from '../../../infra/questdb/sender.ts';
import { ensureTables } from '../../../infra/questdb/tables.ts';
import { connectRedis } from '../../../infra/redis.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { featureSet } from '../../../operators/features/feature-set.ts';
import { createFeatureInputs } from '../../../pipelines/feature-inputs.ts';
import { toRow } from '../../../pipelines/rows.ts';
import type { EventPlace } from '../../../streams/events/logged-event.ts';
import { replay } from '../../../streams/replay.ts';
import { featureTable } from '../feature-table.ts';
import type { GuardedWork } from './guarded-thread.ts';
import { customSet, loadCustomFeature } from './load-custom-feature.ts';
import { watched } from './run-feature.ts';

// Derives one custom feature of a recording from its beginning on, and stores its rows, apart from everything else.

/** What the thread is started with. */
export interface FillWork extends GuardedWork {
  readonly file: string;
  /** Of the file's content. */
  readonly code: string;
  readonly redisUrl: string;
  readonly questdbUrl: string;
  readonly instrument: string;
  readonly recording: string;
  /** Receive times of the rows that are stored, µs since the epoch, both included. */
  readonly fromUs: number;
  readonly toUs: number;
}

/** How far it is. */
export interface FillProgress {
  readonly events: number;
  readonly rows: number;
  /** Time of the last entry, ms since the epoch. */
  readonly atMs: number;
  readonly isDone: boolean;
}

const ROWS_A_FLUSH = 20_000;

const { file, code, redisUrl, questdbUrl, instrument, recording, fromUs, toUs, turns }: FillWork = workerData;
const refused: string[] = [];
const set = customSet(watched(await loadCustomFeature(file), refused, false), code);
const table = featureTable(set);
await ensureTables(questdbUrl, [table]);
const sender = await openSender(questdbUrl, table);
const redis = await connectRedis(redisUrl);
const { initialState, evolve, project } = featureSet(set);
let state = initialState();
let place: EventPlace;
let [events, rows] = [0, 0];

function onInput(input: FeatureInput): void {
  state = evolve(state, input);
  const vector = project(state, input);
  if (vector === undefined || place.receiveTimeUs < fromUs || place.receiveTimeUs > toUs) return;
  const { columns } = toRow({ kind: 'features', set, vector }, place, inputs.scale!)!;
  sender.add({ ...columns, symbol: instrument, recording });
  rows++;
}

const inputs = createFeatureInputs(onInput);
let atMs = 0;
for await (const entries of replay({ redis, instrument, recording, to: Math.ceil(toUs / 1_000) })) {
  for (const { entryId, events: logged } of entries) {
    Atomics.add(turns, 0, 1);
    for (const [index, { channel, payload, receiveTimeUs }] of logged.entries()) {
      place = { entryId, index, receiveTimeUs, channel };
      inputs.push(channel, payload);
    }
    Atomics.add(turns, 0, 1);
    if (refused.length > 0) throw new Error(`said what is no number: ${refused[0]}`);
    events += logged.length;
    atMs = Math.floor(place!.receiveTimeUs / 1_000);
  }
  if (sender.pending >= ROWS_A_FLUSH) await sender.flush();
  parentPort!.postMessage({ events, rows, atMs, isDone: false } satisfies FillProgress);
}
await sender.flush();
await sender.close();
redis.disconnect();
parentPort!.postMessage({ events, rows, atMs, isDone: true } satisfies FillProgress);
