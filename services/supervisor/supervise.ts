import { join } from 'node:path';
import { SetupError } from '../../infra/setup-error.ts';
import { runService, type ServiceRun } from './service-process.ts';
import type { ReadyLine, ServiceSpec } from './service-spec.ts';

export interface SuperviseOptions {
  readonly home: string;
  readonly log: (line: string) => void;
  /** Called with the processes that run, whenever that changes. */
  readonly onChange?: (runs: ReadonlyMap<string, ServiceRun>) => void;
  readonly readyWithinMs?: number;
  readonly backoffFirstMs?: number;
  readonly backoffMaxMs?: number;
  /** After so long without a crash the next one counts as the first. */
  readonly steadyAfterMs?: number;
  /** Aborted: nothing more is started. */
  readonly signal?: AbortSignal;
}

export interface Supervision {
  readonly runs: ReadonlyMap<string, ServiceRun>;
  /** Ends every service, those first that others feed on last. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the services in their order and keeps them up: one that ends is started again after a pause that doubles with
 * each crash. Resolves when all were ready once.
 * @throws SetupError when one ends before it was ever ready: that is no crash but a wrong set-up.
 */
export async function supervise(specs: readonly ServiceSpec[], options: SuperviseOptions): Promise<Supervision> {
  const {
    home,
    log,
    onChange = () => {},
    readyWithinMs = 60_000,
    backoffFirstMs = 250,
    backoffMaxMs = 10_000,
    steadyAfterMs = 30_000,
  } = options;
  const runs = new Map<string, ServiceRun>();
  const readyLines = new Map<string, ReadyLine>();
  const stopping = new AbortController();
  options.signal?.addEventListener('abort', () => stopping.abort());
  let stopped: Promise<void> | undefined;

  async function startOnce(spec: ServiceSpec): Promise<ServiceRun> {
    const run = runService(spec, spec.env(readyLines), { logs: join(home, 'logs'), readyWithinMs });
    runs.set(spec.name, run);
    onChange(runs);
    try {
      readyLines.set(spec.name, await run.ready);
      return run;
    } catch (error) {
      await run.stop();
      throw error;
    }
  }

  /** Waits for the end of each run and starts the next, until we stop. */
  async function keepUp(spec: ServiceSpec, first: ServiceRun): Promise<void> {
    let crashes = 0;
    for (let run: ServiceRun | undefined = first; ; ) {
      const startedMs = Date.now();
      const how = run === undefined ? undefined : await run.ended;
      runs.delete(spec.name);
      onChange(runs);
      if (stopping.signal.aborted) return;
      crashes = Date.now() - startedMs > steadyAfterMs ? 1 : crashes + 1;
      const pauseMs = Math.min(backoffMaxMs, backoffFirstMs * 2 ** (crashes - 1));
      if (how !== undefined) log(`${spec.name} ended (${how}); starting it again in ${(pauseMs / 1000).toFixed(1)} s`);
      await pause(pauseMs, stopping.signal);
      if (stopping.signal.aborted) return;
      run = await startOnce(spec).then(
        (started) => {
          log(`${spec.name} is up again`);
          return started;
        },
        (error: Error) => {
          if (!stopping.signal.aborted) log(`${spec.name} did not come up (${error.message})`);
          return undefined;
        },
      );
    }
  }

  function stop(): Promise<void> {
    stopping.abort();
    // What reads ends after what writes, so that the last events still arrive.
    stopped ??= (async () => {
      for (const name of ['recorder', 'venue', ...runs.keys()]) await runs.get(name)?.stop();
    })();
    return stopped;
  }

  const starts = new Map<string, Promise<void>>();
  for (const spec of inOrder(specs)) {
    const before = spec.after.map((name) => starts.get(name));
    starts.set(
      spec.name,
      Promise.all(before).then(async () => {
        if (stopping.signal.aborted) return;
        const run = await startOnce(spec).catch((error: Error) => {
          throw new SetupError(
            `The ${spec.name} did not start: ${error.message} (its log is ${join(home, 'logs', `${spec.name}.log`)})`,
          );
        });
        void keepUp(spec, run);
      }),
    );
  }
  const outcomes = await Promise.allSettled(starts.values());
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return { runs, stop };
}

/** Those that others wait for come first. */
function inOrder(specs: readonly ServiceSpec[]): ServiceSpec[] {
  const ordered: ServiceSpec[] = [];
  const add = (spec: ServiceSpec) => {
    if (ordered.includes(spec)) return;
    for (const name of spec.after) {
      const before = specs.find((candidate) => candidate.name === name);
      if (before === undefined)
        throw new Error(`service ${spec.name} waits for ${name}, which is none of the services`);
      add(before);
    }
    ordered.push(spec);
  };
  for (const spec of specs) add(spec);
  return ordered;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
