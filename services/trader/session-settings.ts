import { resolve } from 'node:path';
import { z } from 'zod';
import { fieldRefusal } from '../../infra/field-refusal.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { resolveParameters } from '../../operators/features/resolve-feature-set.ts';
import type { SessionSettings } from '../../operators/ledger/ledger-event.ts';
import { QUEUE_MODELS } from '../../operators/matching/queue-model.ts';
import { DEFAULT_RISK_LIMITS, RISK_LIMIT_SAYS, riskLimits, saidLimits } from '../../operators/risk/risk-limits.ts';
import { STRATEGIES } from '../../pipelines/strategies/strategies.ts';
import { parseInstrument } from '../../streams/instrument.ts';
import { EXPECTED_LATENCY, latencyOf } from '../backtest/latency-of.ts';
import { loadStrategy } from '../backtest/load-strategy.ts';
import { MODEL_PREFIX } from '../trainer/model/model-strategy.ts';

const range = (from: number, to: number): string => `a number from ${from} to ${to}`;
const real = (from: number, to: number) =>
  z.number(range(from, to)).min(from, range(from, to)).max(to, range(from, to));
const whole = (from: number, to: number) => {
  const expected = `a whole number from ${from} to ${to}`;
  return z.int(expected).min(from, expected).max(to, expected);
};
const queues = Object.keys(QUEUE_MODELS);
const INSTRUMENT = 'an instrument such as simulated:BTCUSDT';
const STRATEGY = 'the name of a strategy, the path of a file that exports one, or model: and the id of a model';

/** What a session is asked for; messages say what was expected. */
export const sessionRequest = z.strictObject({
  instrument: z.string(INSTRUMENT).min(1, INSTRUMENT),
  strategy: z.string(STRATEGY).min(1, STRATEGY),
  /** Those that are not said are as the strategy has them. */
  parameters: z.record(z.string(), z.number('a number')).default({}),
  /** `paper`: simulated orders on the live market; `live`: real ones, at the exchange. */
  mode: z.enum(['paper', 'live'], 'paper or live').default('paper'),
  queue: z.enum(queues, `one of ${queues.join(', ')}`).default('risk-averse'),
  /** To the exchange and back. */
  latency: z
    .string(EXPECTED_LATENCY)
    .refine((text) => latencyOf(text) !== undefined, EXPECTED_LATENCY)
    .default('5,5'),
  seed: whole(0, 2 ** 32 - 1).default(1),
  /** Quote asset. */
  balance: real(0.00000001, 50_000_000).default(10_000),
  leverage: whole(1, 125).default(5),
  feeTier: whole(0, 9).default(0),
  /** As `don backtest --risk`: those that are not said are as usual. */
  limits: z
    .partialRecord(z.enum(Object.keys(RISK_LIMIT_SAYS) as [string, ...string[]]), z.number('a number'))
    .default({}),
});

export type SessionRequest = z.input<typeof sessionRequest>;

/**
 * A session's settings as they are written to the ledger: checked, with all that was not said, and the path of a strategy's
 * file made absolute, since the trader runs in another folder.
 * @throws BadInput naming the field, what was expected and what was found
 */
export async function sessionSettings(request: unknown): Promise<SessionSettings> {
  const checked = sessionRequest.safeParse(request);
  if (!checked.success)
    throw fieldRefusal(checked.error.issues[0]!, request, 'session', (path) =>
      Object.keys(path.length === 0 ? sessionRequest.shape : RISK_LIMIT_SAYS),
    );
  const { strategy: said, parameters, limits, ...rest } = checked.data;
  try {
    parseInstrument(rest.instrument);
  } catch (error) {
    throw new BadInput((error as Error).message);
  }
  const { definition } = await loadStrategy(said);
  const isFile = !said.startsWith(MODEL_PREFIX) && !STRATEGIES.some(({ name }) => name === said);
  try {
    return {
      ...rest,
      strategy: isFile ? resolve(said) : said,
      parameters: resolveParameters(`parameters of ${said}`, definition, parameters),
      limits: saidLimits(riskLimits({ ...DEFAULT_RISK_LIMITS, ...limits })),
    };
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(error.message) : error;
  }
}
