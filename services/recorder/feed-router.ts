import type { Log } from '../../infra/service.ts';
import type { FeedListener } from './feed.ts';
import type { InstrumentRecorder } from './instrument-recorder.ts';
import type { LogStore } from './log-store.ts';
import type { Topic } from './topics.ts';

/** Hands what the feeds tell to the recorder of the instrument that it is about. */
export interface FeedRouter extends FeedListener {
  readonly counts: () => { readonly ignoredFrames: number; readonly refusedFrames: number };
}

export interface FeedRouterOptions {
  readonly recorders: ReadonlyMap<string, InstrumentRecorder>;
  readonly store: LogStore;
  readonly log: Log;
}

export function createFeedRouter({ recorders, store, log }: FeedRouterOptions): FeedRouter {
  const [first] = recorders.keys();
  let ignoredFrames = 0;
  let refusedFrames = 0;
  const byInstrument = (topics: readonly Topic[]) =>
    Map.groupBy(topics, (topic) => topic.instrument)
      .entries()
      .map(([name, own]) => [recorders.get(name)!, own] as const);

  return {
    onEvent: (frame, atUs, endsSilence) => recorders.get(frame.topic.instrument)!.accept(frame, atUs, endsSilence),
    onRefused(topic, reason, payload, receiveTimeUs) {
      refusedFrames++;
      if (topic !== undefined) recorders.get(topic.instrument)!.sawDeadLetter(topic.channel);
      // A frame that names no stream is kept with the first instrument: nobody can say whose it was.
      const letter = { channel: topic?.channel ?? 'unknown', reason, receiveTimeUs, payload };
      store.deadLetter(topic?.instrument ?? first!, letter).catch((error: unknown) => {
        log('error', `a dead letter could not be kept: ${error}`, { ...letter, payload: payload.slice(0, 1_000) });
      });
    },
    onIgnored(reason) {
      ignoredFrames++;
      if (ignoredFrames === 1) log('warn', `frame ignored: ${reason}`);
    },
    onUp(topics, connection, isRenewal) {
      log('info', `connection ${connection} is up`, { topics: topics.length, isRenewal });
      for (const [recorder, own] of byInstrument(topics)) recorder.up(own, connection, isRenewal);
    },
    onDown(topics, connection, reason) {
      for (const [recorder, own] of byInstrument(topics)) recorder.down(own, connection, reason);
    },
    onSilent(topic) {
      recorders.get(topic.instrument)!.counts.of(topic.channel).silences++;
      log('warn', `${topic.instrument}: ${topic.channel} is silent on a living connection`);
    },
    counts: () => ({ ignoredFrames, refusedFrames }),
  };
}
