import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createOrderBook, evolveOrderBook } from '../../../operators/book/order-book.ts';
import { featureSet } from '../../../operators/features/feature-set.ts';
import { inputsOf } from '../../../operators/features/inputs-of.ts';
import { SPINE_V1 } from '../../../operators/features/sets/spine-v1.ts';
import { trades } from '../../../operators/trades.ts';
import { createFeatureInputs } from '../../../pipelines/feature-inputs.ts';
import type { EventToAppend } from '../../../streams/entry.ts';
import { decodeOrGap } from '../../../streams/events/decode-or-gap.ts';
import { createDecoder, type MarketEvent } from '../../../streams/events/decoder.ts';
import type { Levels } from '../../../streams/events/levels.ts';
import { readTape } from '../../../streams/tape/read-tape.ts';
import type { Tape } from '../../../streams/tape/tape.ts';
import { createTapeBuilder } from '../../../streams/tape/tape-builder.ts';
import { readTapeFile, writeTapeFile } from '../../../streams/tape/tape-file.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { CAPTURES, readCapture } from '../../support/captures.ts';

const test = suite('streams/tape/tape');

/** Less what a tape leaves out. */
const MARKET = madeMarket({ seed: 3, events: 4_000 }).filter(({ channel }) => channel !== 'bookTicker');

function tapesOf(events: readonly EventToAppend[], eventsATape = events.length): Tape[] {
  const builder = createTapeBuilder();
  const decoder = createDecoder();
  const tapes: Tape[] = [];
  for (const [n, { channel, payload, receiveTimeUs }] of events.entries()) {
    builder.push(decodeOrGap(decoder, channel, Buffer.from(payload)), {
      entryId: `${n + 1}-2`,
      index: 3,
      receiveTimeUs,
    });
    if ((n + 1) % eventsATape === 0) tapes.push(builder.take());
  }
  tapes.push(builder.take());
  return tapes;
}

/** An event without what is lent, and without functions. */
function plain(event: MarketEvent): unknown {
  const levels = ({ start, count, ticks, steps }: Levels) => [
    [...ticks.subarray(start, start + count)],
    [...steps.subarray(start, start + count)],
  ];
  if (event.type === 'depthUpdate' || event.type === 'depthSnapshot')
    return { ...event, bids: levels(event.bids), asks: levels(event.asks) };
  if (event.type === 'instrument') return { ...event, scale: [event.scale.price.size, event.scale.qty.size] };
  return event;
}

function decoded(events: readonly EventToAppend[]): unknown[] {
  const decoder = createDecoder();
  const told: unknown[] = [];
  for (const { channel, payload } of events) {
    let event: MarketEvent;
    try {
      event = decoder.decode(channel, Buffer.from(payload));
    } catch {
      event = { type: 'gap', channel, expected: null, found: null, reason: 'dead-letter' };
    }
    if (event.type !== 'bookTicker') told.push(plain(event));
  }
  return told;
}

async function all(tapes: AsyncIterable<Tape>): Promise<Tape[]> {
  const found: Tape[] = [];
  for await (const tape of tapes) found.push(tape);
  return found;
}

function read(tapes: readonly Tape[]): unknown[] {
  const told: unknown[] = [];
  for (const tape of tapes) readTape(tape, (event) => told.push(plain(event)));
  return told;
}

test('gives back every event that a fold reads, as it was decoded', () => {
  const expected = decoded(MARKET);
  assert.ok(new Set(expected.map((event) => (event as MarketEvent).type)).size >= 8);
  for (const size of [4_000, 1, 997]) assert.ok(isDeepStrictEqual(read(tapesOf(MARKET, size)), expected), `${size}`);
});

test('says where each event stands in the log', () => {
  const [tape] = tapesOf(MARKET) as [Tape];
  assert.equal([tape.entryMs[17], tape.entryN[17], tape.indexes[17]], [18, 2, 3]);
  assert.is(tape.receiveTimesUs[17], MARKET[17]!.receiveTimeUs);
  assert.is(tape.rows, tape.ticks.length);
});

for (const capture of CAPTURES)
  test(`on ${capture.file} features folded from the tape are those of the log, to the last bit`, () => {
    const events = readCapture(capture);
    if (events === undefined) return;
    const { initialState, evolve, project } = featureSet(SPINE_V1);
    const vectors: unknown[] = [];
    let state = initialState();
    const inputs = createFeatureInputs((input) => {
      state = evolve(state, input);
      const vector = project(state, input);
      if (vector !== undefined) vectors.push(vector);
    });
    for (const { channel, payload } of events) inputs.push(channel, Buffer.from(payload));
    const ofTape: unknown[] = [];
    const [book, tradesState] = [createOrderBook(), trades.initialState()];
    state = initialState();
    for (const tape of tapesOf(events, 5_000))
      readTape(tape, (event) => {
        evolveOrderBook(book, event);
        for (const input of inputsOf(event, book, trades.project(trades.evolve(tradesState, event), event))) {
          state = evolve(state, input);
          const vector = project(state, input);
          if (vector !== undefined) ofTape.push(vector);
        }
      });
    assert.ok(vectors.length > 1_000);
    assert.ok(isDeepStrictEqual(ofTape, vectors));
  });

test('a file gives its tapes back, and one that is cut or another says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'don-tape-'));
  const path = join(folder, 'a.tape');
  const tapes = tapesOf(MARKET, 1_500);
  try {
    const writer = await writeTapeFile(path);
    for (const tape of tapes) await writer.write(tape);
    assert.equal(
      readdirSync(folder).filter((name) => name === 'a.tape'),
      [],
      'it has its name only when it is complete',
    );
    const totals = await writer.close();
    assert.is(totals.events, MARKET.length);
    assert.ok(isDeepStrictEqual(await all(readTapeFile(path)), tapes));
    const bytes = readFileSync(path);
    for (const [cut, message] of [
      [bytes.subarray(0, bytes.length - 3), /expected a complete tape, found one that ends after \d+ events/],
      [bytes.subarray(0, 200), /ends after 0 events/],
      [Buffer.from('something else altogether'), /expected a tape of this version, found "something/],
    ] as const) {
      writeFileSync(path, cut);
      const failure = await all(readTapeFile(path)).catch((error: Error) => error.message);
      assert.match(String(failure), message);
    }
    const abandoned = await writeTapeFile(join(folder, 'b.tape'));
    await abandoned.abandon();
    assert.equal(readdirSync(folder), ['a.tape']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
