import type { Log } from '../../infra/service.ts';
import { withBatchSpan } from '../../infra/telemetry.ts';
import type { Instrument } from '../../streams/instrument.ts';
import { type Feed, startFeed } from './feed.ts';
import { createFeedRouter } from './feed-router.ts';
import { createHandshakeBudget } from './handshake-budget.ts';
import { createInstrumentRecorder, type InstrumentRecorder } from './instrument-recorder.ts';
import type { LogStore } from './log-store.ts';
import { watchLogs } from './log-watch.ts';
import type { Peers } from './peers.ts';
import { createReceiveClock } from './receive-clock.ts';
import { createRest, type Rest } from './rest.ts';
import type { RecorderSettings } from './settings.ts';
import { createSpool, type Spool } from './spool.ts';
import { connectionPlan, topicsOf } from './topics.ts';
import { startVenuePolls } from './venue-polls.ts';
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

/** Connects to the venue and records the instruments until it is stopped. */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { instruments, settings, store, log, onFatal } = options;
  const receiveTimeUs = createReceiveClock();
  const { handshakesMax, handshakeWindowMs, weightPerMinuteMax, restTimeoutMs: timeoutMs } = settings;
  const budget = createWeightBudget({ weightPerMinuteMax });
  const handshakes = createHandshakeBudget({ handshakesMax, windowMs: handshakeWindowMs });
  const { testnet } = settings.venue;
  const rest = createRest({ baseUrl: settings.restUrl, testnet, budget, timeoutMs });
  const spool = createRecorderSpool(options);
  const recorders = new Map<string, InstrumentRecorder>();
  const writers: Writer[] = [];
  for (const instrument of instruments) {
    const { recorder, writer } = await openLog(options, instrument, { rest, spool, receiveTimeUs });
    recorders.set(instrument.name, recorder);
    writers.push(writer);
  }

  const polls = await startVenuePolls({ instruments, recorders, rest, settings, log, onFatal });
  const router = createFeedRouter({ recorders, store, log });
  let connections = 0;
  const context = { settings, handshakes, receiveTimeUs, log, nextConnection: () => ++connections };
  const feeds = connectionPlan(topicsOf(instruments, settings.depthSpeed, settings.channels)).map((topics) =>
    startFeed(topics, context, router),
  );
  const stopWatching = watchLogs({ recorders, store, peers: options.peers, log });

  return {
    async stop(drainTimeoutMs) {
      for (const feed of feeds) feed.stop();
      polls.stop();
      stopWatching();
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
      ...router.counts(),
      clockSkewMs: polls.clockSkewMs(),
    }),
  };
}

function createRecorderSpool({ settings, log, onFatal }: RecorderOptions): Spool {
  const spool: Spool = createSpool({
    charactersMax: settings.spoolBytesMax,
    eventsMax: settings.spoolEventsMax,
    onFilling: (fill) => log('warn', `the spool is ${Math.round(fill * 100)} % full: Redis does not keep up`),
    onFull: () =>
      onFatal(
        `the spool is full (${spool.events()} events, ${spool.characters()} characters wait for Redis): ` +
          'recording stops rather than drop events; see to Redis and start the recorder again',
      ),
  });
  return spool;
}

interface LogParts {
  readonly rest: Rest;
  readonly spool: Spool;
  readonly receiveTimeUs: () => number;
}

/** Makes the instrument's log known and finds where it ended. */
async function openLog(options: RecorderOptions, instrument: Instrument, { rest, spool, receiveTimeUs }: LogParts) {
  const { settings, store, peers, log } = options;
  const { name } = instrument;
  await store.register(name);
  const lastSequences = await store.lastSequences(name);
  const writer = createWriter({
    append: (batch) =>
      withBatchSpan({ name: 'record', attributes: { 'don.instrument': name, 'don.events': batch.length } }, () =>
        store.append(name, batch),
      ),
    onAppended(report, batch) {
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
  const recorder: InstrumentRecorder = createInstrumentRecorder({
    instrument,
    settings,
    rest,
    peers,
    receiveTimeUs,
    log,
    lastSequences,
    push: writer.push,
  });
  return { recorder, writer };
}
