import { USDT_FEES } from '../../../operators/account/fees.ts';
import type { BacktestFill } from '../../backtest/backtest-result.ts';
import { BAR_ASSUMPTIONS, type BarRun, createBarRun } from '../../backtest/bar-run.ts';
import type { BarData, Span } from '../run/bar-data.ts';
import { type Decide, type Pass, passOver } from '../run/pass.ts';

/** A pass with what was decided and filled in it. */
export interface RecordedPass extends Pass {
  /** One a candle from the first decision on. */
  readonly actions: readonly (number | Float32Array)[];
  readonly fills: readonly BacktestFill[];
  /** Quote asset: what was lost beyond the equity, and is not owed. */
  readonly insurance: number;
}

const NO_FEES = { tiers: USDT_FEES.tiers.map(() => ({ makerRate: 0, takerRate: 0 })), bnbDiscount: 0 };
const NO_SPREAD = { ...BAR_ASSUMPTIONS, spreadTicks: 0, slippageBps: 0 };
const NO_FUNDING = { funding: { timesMs: new Float64Array(), rates: new Float64Array() }, recording: undefined };

/** A pass as `passOver` has it, with all costs. */
export function recordedPass(data: BarData, span: Span, decide: Decide): RecordedPass {
  const actions: (number | Float32Array)[] = [];
  let run: BarRun | undefined;
  const pass = passOver(
    data,
    span,
    (observation, bar) => {
      const action = decide(observation, bar);
      actions.push(typeof action === 'number' ? action : action.slice());
      return action;
    },
    {
      createRun: (options) => {
        run = createBarRun(options);
        return run;
      },
    },
  );
  const { fills, state } = run!.account;
  return { ...pass, actions, fills, insurance: state.insuranceE8 / 1e8 };
}

/**
 * Decisions of another pass over the same span, whatever is observed.
 * @param turned how many decisions later they begin; those that are left out come at the end
 */
export function decisionsOf({ actions }: Pick<RecordedPass, 'actions'>, turned = 0): Decide {
  let next = turned;
  return () => actions[next++ % actions.length]!;
}

/**
 * The same decisions without fees, spread, slippage and funding. Volume, latency and liquidation are as they were; what a
 * target means in money goes by the equity of this pass.
 */
export function costlessPass(data: BarData, span: Span, pass: RecordedPass): Pass {
  return passOver({ ...data, funding: NO_FUNDING }, span, decisionsOf(pass), {
    maxSteps: pass.actions.length,
    createRun: (options) => createBarRun({ ...options, fees: NO_FEES, assumptions: NO_SPREAD }),
  });
}
