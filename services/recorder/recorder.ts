import { withBatchSpan } from '../../infra/telemetry.ts';
import type { Instrument } from '../../streams/instrument.ts';
import { symbolTexts } from './exchange-info.ts';
import { type Feed, type FeedListener, startFeed } from './feed.ts';
import { createHandshakeBudget } from './handshake-budget.ts';
import { createInstrumentRecorder, type InstrumentRecorder } from './instrument-recorder.ts';
import { integerAt, memberRange } from './json-text.ts';
import type { Log } from './log-line.ts';
import type { LogStore } from './log-store.ts';
import type { Peers } from './peers.ts';
import { startPoll } from './poll.ts';
import { createReceiveClock } from './receive-clock.ts';
import { createRest } from './rest.ts';
import type { RecorderSettings } from './settings.ts';
import { createSpool } from './spool.ts';
import { connectionPlan, topicsOf } from './topics.ts';
import { createWeightBudget } from './weight-budget.ts';
import { createWriter, type Writer } from './writer.ts';

export interface RecorderOptions {
  /** All of one venue. */
  readonly instruments: readonly Instrument[];
  readonly settings: RecorderSettings;
  readonly store: LogStore;
  readonly peers: Peers;
  /** Whether other recorders are at work is known; nothing is written before. */
  readonly peersKnown: Promise<void>;
  readonly log: Log;
  /** The recorder cannot go on without dropping events; the process must end with this sentence. */
  readonly onFatal: (reason: string) => void;
}

/** A running recorder. */
export interface Recorder {
  /** Closes the connections and waits until the log has everything, at most so long. Gives back what it has not. */
  stop(drainTimeoutMs: number): Promise<number>;
  readonly feeds: readonly Feed[];
  readonly instruments: ReadonlyMap<string, InstrumentRecorder>;
  readonly status: () => RecorderState;
}

/** What the parts share, for status. */
export interface RecorderState {
  readonly usedWeight: number;
  readonly restBlockedMs: number;
  readonly handshakes: number;
  readonly spoolFill: number;
  readonly spoolEvents: number;
  readonly ignoredFrames: number;
  readonly refusedFrames: number;
  /** The venue's clock minus ours, ms; undefined: not measured yet. */
  readonly clockSkewMs: number | undefined;
}

/** With nothing of an instrument decodable before its tick size is known, its description should come first. */
const INSTRUMENT_WAIT_MS = 10_000;
const LOST_LOG_EVERY_MS = 2_000;

/** Connects to the venue and records the instruments until it is stopped. @throws where a symbol is unknown there */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { settings, store, log } = options;
  const receiveTimeUs = createReceiveClock();
  const budget = createWeightBudget({ weightPerMinuteMax: settings.weightPerMinuteMax });
  const handshakes = createHandshakeBudget({
    handshakesMax: settings.handshakesMax,
    windowMs: settings.handshakeWindowMs,
  });
  const rest = createRest({
    baseUrl: settings.restUrl,
    testnet: settings.venue.testnet,
    budget,
    timeoutMs: settings.restTimeoutMs,
  });
  const spool = createSpool({
    charactersMax: settings.spoolBytesMax,
    eventsMax: settings.spoolEventsMax,
    onFilling: (fill) => log('warn', `the spool is ${Math.round(fill * 100)} % full: Redis does not keep up`),
    onFull: () =>
      options.onFatal(
        `the spool is full (${spool.events()} events, ${spool.characters()} characters wait for Redis): ` +
          'recording stops rather than drop events; see to Redis and start the recorder again',
      ),
  });
  const recorders = new Map<string, InstrumentRecorder>();
  const writers: Writer[] = [];
  const stops: (() => void)[] = [];
  let ignoredFrames = 0;
  let refusedFrames = 0;
  let clockSkewMs: number | undefined;
  let connections = 0;

  for (const instrument of options.instruments) {
    const { name } = instrument;
    await store.register(name);
    const lastSequences = await store.lastSequences(name);
    const writer = createWriter({
      append: (batch) =>
        withBatchSpan({ name: 'record', attributes: { 'don.instrument': name, 'don.events': batch.length } }, () =>
          store.append(name, batch),
        ),
      onAppended: (report, batch) => {
        for (const { channel } of batch) recorder.counts.of(channel).events++;
        for (const { channel } of report.duplicates) recorder.counts.of(channel).duplicates++;
        for (const { channel, reason } of report.deadLetters) {
          recorder.counts.of(channel).deadLetters++;
          log('warn', `${name}: the log refused an event of ${channel}`, { reason });
        }
        for (const gap of report.gaps) {
          log('warn', `${name}: gap in ${gap.channel}`, { expected: gap.expected, found: gap.found });
          recorder.sawGap(gap.channel, gap.found);
        }
      },
      ready: options.peersKnown,
      spool,
      batchEventsMax: settings.batchEventsMax,
      log,
    });
    const recorder = createInstrumentRecorder({
      instrument,
      settings,
      rest,
      peers: options.peers,
      receiveTimeUs,
      log,
      lastSequences,
      push: writer.push,
    });
    recorders.set(name, recorder);
    writers.push(writer);
  }

  async function recordInstrumentInfo(): Promise<void> {
    const symbols = symbolTexts(await rest.get('fapi/v1/exchangeInfo', {}, 1));
    for (const { name, symbol } of options.instruments) {
      const text = symbols.get(symbol);
      if (text !== undefined) recorders.get(name)!.add('instrument', text);
      else {
        const known = [...symbols.keys()].slice(0, 10).join(', ');
        options.onFatal(`${name}: expected a symbol of the venue, found none of that name (it has ${known}, …)`);
      }
    }
  }

  async function measureClockSkew(): Promise<void> {
    const sentMs = Date.now();
    const text = await rest.get('fapi/v1/time', {}, 1);
    const answeredMs = Date.now();
    const range = memberRange(text, 'serverTime');
    const venueMs = range === undefined ? Number.NaN : integerAt(text, range.start, range.end);
    if (Number.isNaN(venueMs)) throw new Error(`time/serverTime: expected an integer, found ${text.slice(0, 80)}`);
    clockSkewMs = venueMs - (sentMs + answeredMs) / 2;
  }

  /** Resolves after the first attempt, whether or not it went well. */
  function startInstrumentPoll(): Promise<void> {
    return new Promise((resolve) => {
      stops.push(
        startPoll({
          everyMs: settings.instrumentEveryMs,
          name: 'exchangeInfo',
          log,
          run: () => recordInstrumentInfo().then(resolve),
        }),
      );
      setTimeout(resolve, INSTRUMENT_WAIT_MS).unref();
    });
  }

  function startOpenInterestPoll({ name, symbol }: Instrument): void {
    const recorder = recorders.get(name)!;
    let answeredMs = Number.POSITIVE_INFINITY;
    const run = async () => {
      const text = await rest.get('fapi/v1/openInterest', { symbol }, 1);
      const nowMs = performance.now();
      recorder.add('openInterest', text, nowMs - answeredMs > 2.5 * settings.openInterestEveryMs);
      answeredMs = nowMs;
    };
    const everyMs = settings.openInterestEveryMs;
    stops.push(startPoll({ everyMs, name: `openInterest ${name}`, log, run }));
  }

  /** FLUSHALL, or another Redis behind the same address: the next append would begin a log that nobody can read. */
  async function watchForLostLog(): Promise<void> {
    for (const [name, recorder] of recorders) {
      if (!(await store.register(name))) continue;
      log('error', `${name}: the log is gone from Redis, it begins anew`);
      recorder.beginAnew();
    }
  }

  const listener: FeedListener = {
    onEvent: (frame, atUs, endsSilence) => recorders.get(frame.topic.instrument)!.accept(frame, atUs, endsSilence),
    onRefused(topic, reason, text, atUs) {
      refusedFrames++;
      if (topic !== undefined) recorders.get(topic.instrument)!.sawDeadLetter(topic.channel);
      const letter = { channel: topic?.channel ?? 'unknown', reason, receiveTimeUs: atUs, payload: text };
      store.deadLetter(topic?.instrument ?? options.instruments[0]!.name, letter).catch((error: unknown) => {
        log('error', `a dead letter could not be kept: ${error}`, letter);
      });
    },
    onIgnored(reason) {
      ignoredFrames++;
      if (ignoredFrames === 1) log('warn', `frame ignored: ${reason}`);
    },
    onUp(topics, connection, isRenewal) {
      log('info', `connection ${connection} is up`, { topics: topics.length, isRenewal });
      for (const [instrument, own] of Map.groupBy(topics, (topic) => topic.instrument))
        recorders.get(instrument)!.up(own, connection, isRenewal);
    },
    onDown(topics, connection, reason) {
      for (const [instrument, own] of Map.groupBy(topics, (topic) => topic.instrument))
        recorders.get(instrument)!.down(own, connection, reason);
    },
    onSilent(topic) {
      recorders.get(topic.instrument)!.counts.of(topic.channel).silences++;
      log('warn', `${topic.instrument}: ${topic.channel} is silent on a living connection`);
    },
  };

  await startInstrumentPoll();
  const context = { settings, handshakes, receiveTimeUs, log, nextConnection: () => ++connections };
  const feeds = connectionPlan(topicsOf(options.instruments, settings.depthSpeed, settings.channels)).map((topics) =>
    startFeed(topics, context, listener),
  );
  for (const instrument of options.instruments) startOpenInterestPoll(instrument);
  stops.push(startPoll({ everyMs: settings.clockSkewEveryMs, name: 'time', log, run: measureClockSkew }));
  stops.push(startPoll({ everyMs: LOST_LOG_EVERY_MS, name: 'log', log, run: watchForLostLog }));

  return {
    async stop(drainTimeoutMs) {
      for (const feed of feeds) feed.stop();
      for (const stop of stops) stop();
      for (const recorder of recorders.values()) recorder.stop();
      await Promise.all(writers.map((writer) => writer.drain(drainTimeoutMs)));
      for (const writer of writers) writer.stop();
      return spool.events();
    },
    feeds,
    instruments: recorders,
    status: () => ({
      usedWeight: budget.used(),
      restBlockedMs: budget.blockedForMs(),
      handshakes: handshakes.used(),
      spoolFill: spool.fill(),
      spoolEvents: spool.events(),
      ignoredFrames,
      refusedFrames,
      clockSkewMs,
    }),
  };
}
