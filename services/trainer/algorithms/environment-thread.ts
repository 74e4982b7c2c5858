import { once } from 'node:events';
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Environment } from '../../../pipelines/environment/environment.ts';
import type { BoxSpace, Space } from '../../../pipelines/environment/space.ts';
import { spaceSize } from '../../../pipelines/environment/space.ts';
import { type EpisodeState, environmentRow, type StepColumns } from './environment-group.ts';
import { NOWHERE, setPlace, type TurnWords, takeTurns, WORK } from './thread-turns.ts';

// Some of a group's environments as a thread. What is thrown here ends it, and its keeper tells.

/** What a thread is started with. */
export interface ThreadWork {
  readonly thread: number;
  /** Its environments; the second is not included. */
  readonly from: number;
  readonly to: number;
  /** Where the module is that exports `createEnvironment`. */
  readonly module: string;
  readonly options: unknown;
  readonly words: TurnWords;
  readonly port: MessagePort;
}

/** The first that a thread says. */
export interface MadeEnvironments {
  readonly observationSpace: BoxSpace;
  readonly actionSpace: Space;
}

/** What it is told then: where its environments write, and what they read. */
export interface SharedSteps {
  readonly columns: StepColumns;
  readonly actions: Float32Array;
}

/** Makes environment `index` of a group. */
export type CreateEnvironment<Options> = (options: Options, index: number) => Environment;

const { thread, from, to, module, options, words, port }: ThreadWork = workerData;
const { createEnvironment } = (await import(module)) as { createEnvironment?: CreateEnvironment<unknown> };
if (typeof createEnvironment !== 'function')
  throw new TypeError(`${module}: expected it to export the function createEnvironment, found ${createEnvironment}`);

const environments: Environment[] = [];
for (let n = from; n < to; n++) {
  setPlace(words, thread, n);
  environments.push(createEnvironment(options, n));
}
setPlace(words, thread, NOWHERE);

const { observationSpace, actionSpace } = environments[0]!;
const told = once(port, 'message') as Promise<[SharedSteps]>;
port.postMessage({ observationSpace, actionSpace } satisfies MadeEnvironments);
const [{ columns, actions }] = await told;
const rows = environments.map((environment, i) => environmentRow(environment, from + i, columns));
const actionSize = spaceSize(actionSpace);

takeTurns(words, (work) => {
  if (work === WORK.begin) {
    const episodes = (receiveMessageOnPort(port)?.message ?? []) as readonly [number, EpisodeState][];
    for (const [n, episode] of episodes) {
      setPlace(words, thread, n);
      rows[n - from]!.begin(episode);
    }
  } else
    for (const [i, row] of rows.entries()) {
      setPlace(words, thread, from + i);
      if (work === WORK.step) row.step(actions, (from + i) * actionSize);
      else environments[i]!.close();
    }
  setPlace(words, thread, NOWHERE);
});
