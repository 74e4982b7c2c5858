import type { CreateBarRun } from '../../../pipelines/environment/bar-environment-options.ts';
import type { StepInfo } from '../../../pipelines/environment/environment.ts';
import { type BarData, environmentOf, type Span } from './bar-data.ts';

/** What decides at a candle's close: an action of the environment. */
export type Decide = (observation: Float32Array, bar: number) => number | Float32Array;

/** What an account came to over a span, from its first decision on. */
export interface Pass {
  /** Closes, ms since the epoch. */
  readonly timesMs: readonly number[];
  /** Quote asset. */
  readonly equity: readonly number[];
  readonly price: readonly number[];
  /** Base asset, negative: short. */
  readonly position: readonly number[];
  /** Quote asset; funding is what was received. */
  readonly fees: number;
  readonly funding: number;
  readonly filled: number;
  readonly liquidations: number;
  /** Share of the decisions that changed the target. */
  readonly changes: number;
}

export interface PassOptions {
  /** Decisions; to the end of the span where it is not said. */
  readonly maxSteps?: number;
  /** Another one has other costs. */
  readonly createRun?: CreateBarRun;
}

/** Lets someone decide over a whole span, once, through the same environment that agents are trained in. */
export function passOver(data: BarData, span: Span, decide: Decide, { createRun, ...most }: PassOptions = {}): Pass {
  const environment = environmentOf(data, { begin: 'first', mayCrossInvalid: true, ...span, ...most }, 1, createRun);
  const notes = createPassNotes();
  let changes = 0;
  let last = 0;
  let said = environment.reset({ seed: 1 }) as ReturnType<typeof environment.step>;
  notes.add(said.info);
  for (let isOver = false; !isOver; isOver = said.terminated || said.truncated) {
    said = environment.step(decide(said.observation, said.info['bar'] as number));
    notes.add(said.info);
    const target = Math.sign(said.info['target'] as number);
    if (target !== last) changes++;
    last = target;
  }
  environment.close();
  return notes.end(said.info, changes / notes.decisions());
}

/** Notes what an account comes to, from one decision to the next. */
export function createPassNotes() {
  const [timesMs, equity, price, position]: [number[], number[], number[], number[]] = [[], [], [], []];
  return {
    add(info: StepInfo): void {
      timesMs.push(info['timeMs'] as number);
      equity.push(info['equity'] as number);
      price.push(info['price'] as number);
      position.push(info['position'] as number);
    },
    /** How many were taken up to the last note. */
    decisions: (): number => timesMs.length - 1,
    /** @param info of the last step */
    end(info: StepInfo, changes: number): Pass {
      const { fees, funding, filled, liquidations } = info as Record<string, number>;
      return {
        timesMs,
        equity,
        price,
        position,
        fees: fees!,
        funding: funding!,
        filled: filled!,
        liquidations: liquidations!,
        changes,
      };
    },
  };
}
