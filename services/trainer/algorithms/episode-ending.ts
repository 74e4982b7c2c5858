import type { Begin, Step } from '../../../pipelines/environment/environment.ts';

/** How an episode can end: as trading environments say, or of others whether it ended by itself or was cut. */
export const ENDINGS = ['terminated', 'truncated', 'ruin', 'length', 'data', 'invalid'] as const;
export type Ending = (typeof ENDINGS)[number];

/** What environments say of an episode, as numbers: NaN where they say nothing of it. */
export interface EndingNumbers {
  readonly ending: Ending;
  /** Of the data, ms since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Quote asset. */
  readonly equityFrom: number;
  readonly equityTo: number;
  readonly fees: number;
  readonly filled: number;
}

/** Numbers that an environment has in a row of endings. */
export const ENDING_SIZE = 7;

/** Notes where an episode of environment `n` begins. */
export function noteBegin({ info }: Begin, endings: Float64Array, n: number): void {
  const at = n * ENDING_SIZE;
  endings[at] = numberOf(info['timeMs']);
  endings[at + 1] = numberOf(info['equity']);
}

/** Notes how an episode of environment `n` ends. */
export function noteEnd({ info, terminated }: Step, endings: Float64Array, n: number): void {
  const at = n * ENDING_SIZE;
  const said = ENDINGS.indexOf(info['end'] as Ending);
  endings[at + 2] = numberOf(info['timeMs']);
  endings[at + 3] = numberOf(info['equity']);
  endings[at + 4] = numberOf(info['fees']);
  endings[at + 5] = numberOf(info['filled']);
  endings[at + 6] = said >= 0 ? said : terminated ? 0 : 1;
}

/** What was noted of environment `n`, once its episode has ended. */
export function readEnding(endings: Float64Array, n: number): EndingNumbers {
  const [fromMs, equityFrom, toMs, equityTo, fees, filled, ending] = endings.subarray(
    n * ENDING_SIZE,
    (n + 1) * ENDING_SIZE,
  ) as unknown as [number, number, number, number, number, number, number];
  return { ending: ENDINGS[ending]!, fromMs, toMs, equityFrom, equityTo, fees, filled };
}

function numberOf(said: unknown): number {
  return typeof said === 'number' ? said : Number.NaN;
}
