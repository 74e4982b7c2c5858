import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { spaceSize } from '../../../pipelines/environment/space.ts';
import { type EnvironmentGroup, type EpisodeState, stepColumns } from './environment-group.ts';
import type { KeeperWork, ThreadEnd } from './environment-keeper.ts';
import type { MadeEnvironments, SharedSteps, ThreadWork } from './environment-thread.ts';
import { sharedColumns } from './shared-columns.ts';
import { awaitTurn, createTurnWords, giveTurn, NOWHERE, WORK, type Work } from './thread-turns.ts';

export interface EnvironmentThreadsOptions {
  /** A module that exports `createEnvironment`, a `CreateEnvironment`. */
  readonly module: URL;
  /** Plain data for it. Its typed arrays are there once, in shared memory: nobody may write to them. */
  readonly options: unknown;
  /** Environments, and threads that they are dealt out to. */
  readonly count: number;
  readonly threads: number;
  /** What the heap of a thread may grow to, MiB; V8's own limit where it is not said. */
  readonly heapMbMax?: number;
}

/** A group whose environments live in threads. It is for one vector environment at a time. */
export interface EnvironmentThreads extends EnvironmentGroup {
  /** Closes the environments and ends their threads. */
  readonly close: () => Promise<void>;
}

/** A thread that was told to end and does not is ended. */
const GRACE_MS = 3_000;

/**
 * Makes environments in threads, where they step side by side while the caller blocks. What they come to is the same to the
 * last bit as in one thread. Threads that are not closed do not keep the process alive.
 * @throws Error where one of them cannot be made; `begin` and `step` throw where one throws or its thread ends. It names the
 * environment, and all that is left to do then is to close
 */
export async function openEnvironmentThreads(options: EnvironmentThreadsOptions): Promise<EnvironmentThreads> {
  const { module, count, heapMbMax } = options;
  for (const name of ['count', 'threads'] as const)
    if (!(Number.isInteger(options[name]) && options[name] >= 1))
      throw new RangeError(`${name}: expected a whole number from 1, found ${options[name]}`);
  const threads = Math.min(options.threads, count);
  const words = createTurnWords(threads);
  const channels = Array.from({ length: threads }, () => new MessageChannel());
  const ports = channels.map(({ port1 }) => port1);
  const firstOf = (thread: number): number => Math.floor((thread * count) / threads);
  const data = sharedColumns(options.options);
  const ends = new MessageChannel();
  const works = channels.map(
    ({ port2 }, thread): ThreadWork => ({
      thread,
      from: firstOf(thread),
      to: firstOf(thread + 1),
      module: module.href,
      options: data,
      words,
      port: port2,
    }),
  );
  const keeper = new Worker(new URL('./environment-keeper.ts', import.meta.url), {
    workerData: { threads: works, heapMbMax, ends: ends.port2 } satisfies KeeperWork,
    transferList: [ends.port2, ...channels.map(({ port2 }) => port2)],
  });
  const exited = new Promise<void>((resolve) => keeper.on('exit', () => resolve()));

  let fault: Error | undefined;
  const { promise: faulty, reject } = Promise.withResolvers<never>();
  const fail = (error: Error): Error => {
    fault ??= error;
    reject(fault);
    return fault;
  };
  faulty.catch(() => {});
  keeper.on('error', fail);
  /** Of the end that was told first: events come in any order, and none while the caller blocks. */
  const failByEnd = (): Error => {
    const said = receiveMessageOnPort(ends.port1);
    return fail(said === undefined ? new Error('environments: their threads have ended') : errorOf(said.message));
  };
  keeper.on('exit', failByEnd);
  ends.port1.on('message', (said: ThreadEnd) => fail(errorOf(said)));

  const end = async (): Promise<void> => {
    fault ??= new Error('environments: expected open ones, found that they are closed');
    keeper.ref();
    giveTurn(words, WORK.close);
    const grace = setTimeout(() => void keeper.terminate(), GRACE_MS);
    await exited;
    clearTimeout(grace);
    for (const port of [ends.port1, ...ports]) port.close();
  };
  let ending: Promise<void> | undefined;

  const firsts = Promise.all(ports.map((port) => once(port, 'message') as Promise<[MadeEnvironments]>));
  const made = await Promise.race([firsts, faulty]).catch(async (error: unknown) => {
    await keeper.terminate();
    throw error;
  });
  const [[{ observationSpace, actionSpace }]] = made as [[MadeEnvironments]];
  const columns = stepColumns(count, spaceSize(observationSpace), true);
  const actions = new Float32Array(new SharedArrayBuffer(4 * count * spaceSize(actionSpace)));
  for (const port of ports) port.postMessage({ columns, actions } satisfies SharedSteps);
  for (const each of [keeper, ends.port1]) each.unref();

  const turn = (work: Work): void => {
    if (fault !== undefined) throw fault;
    giveTurn(words, work);
    if (awaitTurn(words)) return;
    throw failByEnd();
  };

  return {
    count,
    observationSpace,
    actionSpace,
    columns,
    begin(episodes) {
      for (const [thread, port] of ports.entries()) {
        const its: [number, EpisodeState][] = [];
        for (let n = firstOf(thread); n < firstOf(thread + 1); n++)
          if (episodes.has(n)) its.push([n, episodes.get(n)!]);
        if (fault === undefined && its.length > 0) port.postMessage(its);
      }
      turn(WORK.begin);
    },
    step(taken) {
      actions.set(taken);
      turn(WORK.step);
    },
    close: () => {
      ending ??= end();
      return ending;
    },
  };
}

/** @returns an error whose stack is the thread's */
function errorOf({ environment, message, stack }: ThreadEnd): Error {
  const error = new Error(`${environment === NOWHERE ? 'environments' : `environment ${environment}`}: ${message}`);
  if (stack !== undefined) error.cause = Object.assign(new Error(message), { stack });
  return error;
}
