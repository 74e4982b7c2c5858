import type { Log } from '../../infra/service.ts';
import type { InstrumentRecorder } from './instrument-recorder.ts';
import type { LogStore } from './log-store.ts';
import type { Peers } from './peers.ts';
import { startPoll } from './poll.ts';

export interface LogWatchOptions {
  readonly recorders: ReadonlyMap<string, InstrumentRecorder>;
  readonly store: LogStore;
  readonly peers: Peers;
  readonly log: Log;
}

const EVERY_MS = 2_000;
/** So many looks in a row at a log that refuses every diff make an alarm. */
const REFUSED_LOOKS = 4;

/** Sees when the logs are not the ones that the recorders think they write. Gives back the function that ends it. */
export function watchLogs(options: LogWatchOptions): () => void {
  const looks = new Map([...options.recorders.keys()].map((name) => [name, createRefusalLook(options, name)]));
  return startPoll({
    everyMs: EVERY_MS,
    name: 'log',
    log: options.log,
    async run() {
      for (const [name, recorder] of options.recorders) {
        await beginAnewIfLost(options, name, recorder);
        looks.get(name)!(recorder);
      }
    },
  });
}

/** FLUSHALL, or another Redis behind the same address: the next append would begin a log that nobody can read. */
async function beginAnewIfLost({ store, log }: LogWatchOptions, name: string, recorder: InstrumentRecorder) {
  if (!(await store.register(name))) return;
  log('error', `${name}: the log is gone from Redis, it begins anew`);
  recorder.beginAnew();
}

/**
 * A venue whose update ids are behind the log's is refused as if all of it were there already: it was another venue, or
 * another time of it, that was recorded under this name.
 */
function createRefusalLook({ peers, log }: LogWatchOptions, name: string): (recorder: InstrumentRecorder) => void {
  let events = 0;
  let duplicates = 0;
  let refusedLooks = 0;
  return ({ counts }) => {
    const depth = counts.of('depth');
    const newEvents = depth.events - events;
    const newDuplicates = depth.duplicates - duplicates;
    events = depth.events;
    duplicates = depth.duplicates;
    const isRefused = newEvents > 0 && newEvents === newDuplicates && !peers.covers(name, 'depth');
    refusedLooks = isRefused ? refusedLooks + 1 : 0;
    if (refusedLooks === 0 || refusedLooks % REFUSED_LOOKS !== 0) return;
    log('error', `${name}: nothing is recorded: the venue's update ids are behind those of the log`, {
      advice: 'another venue was recorded under this name; record this one into an empty Redis or under another name',
    });
  };
}
