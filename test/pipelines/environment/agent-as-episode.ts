import { hash } from 'node:crypto';
import * as assert from 'uvu/assert';
import { random } from '../../../operators/random.ts';
import { type BookAgent, bookAgent } from '../../../pipelines/environment/book-agent.ts';
import type { BookInfo } from '../../../pipelines/environment/book-environment-options.ts';
import type { BookTape } from '../../../pipelines/environment/book-tape.ts';
import { noNormalisation } from '../../../pipelines/environment/normalisation.ts';
import type { Space } from '../../../pipelines/environment/space.ts';
import type { Decision, Market, StrategyDefinition } from '../../../pipelines/simulation/strategy.ts';
import type { WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import { createMarketRun, type MarketRunOptions } from '../../../services/backtest/market-run.ts';
import type { Tape } from '../../../streams/tape/tape.ts';
import { bookOptions, type SmallOptions } from './book-market.ts';
import { actionOf } from './environment-contract.ts';
import { noteOrders } from './note-orders.ts';
import { watchedEnvironment } from './watched-environment.ts';

export const FEATURES: readonly WantedFeature[] = [
  'microprice',
  { feature: 'order_flow_imbalance', parameters: { windowMs: 1_000 } },
  { feature: 'signed_volume', parameters: { windowMs: 2_000 } },
];
export const COLUMNS = ['microprice', 'order_flow_imbalance', 'signed_volume'];
const WARM_UP_MS = 4_000;

/** Decides by all of what it sees, anew one time in four: else a queue would never be waited for. */
function policyOn(space: Space, seen: Float32Array[]): (observation: Float32Array) => number | Float32Array {
  let action = actionOf(space, random(1));
  return (observation) => {
    seen.push(observation.slice());
    const drawn = Number.parseInt(digestOf(observation).slice(0, 8), 16);
    if (drawn % 4 === 0) action = actionOf(space, random(drawn));
    return action;
  };
}

function digestOf(observation: Float32Array): string {
  return hash('sha256', new Uint8Array(observation.slice().buffer)).slice(0, 16);
}

/** When what was sent, and with what. */
export type Sent = readonly [timeUs: number, method: string, ...values: unknown[]];

function noteSent(market: Market, sent: Sent[]): void {
  noteOrders(market, (method, values) => sent.push([market.timeUs, method, ...values]));
}

/** An episode, with what it saw and sent, and the run that it was in. */
export function episode(tape: BookTape, options: SmallOptions) {
  const sent: Sent[] = [];
  const seen: Float32Array[] = [];
  const { environment, its } = watchedEnvironment(tape, options, (market) => noteSent(market, sent));
  const infos = [];
  const policy = policyOn(environment.actionSpace, seen);
  let said = environment.reset({ seed: 1 }) as ReturnType<typeof environment.step>;
  for (;;) {
    infos.push({ ...(said.info as BookInfo) });
    if (said.terminated || said.truncated) break;
    said = environment.step(policy(said.observation));
  }
  return { infos, seen, sent, ...its(), space: environment.actionSpace };
}

/** It decides not before a time, and hears all that comes before. */
export function notBefore(fromUs: number, definition: StrategyDefinition): StrategyDefinition {
  return {
    ...definition,
    create(parameters) {
      const { onEvent, ...strategy } = definition.create(parameters);
      return {
        ...strategy,
        onEvent(event, market) {
          if (market.timeUs >= fromUs || event.type === 'trade') onEvent!(event, market);
        },
      };
    },
  };
}

/** A backtest of an agent, as an episode's run was given. */
export function backtest(
  tapes: readonly Tape[],
  { isPaused: _, quiet: __, listener: ___, ...given }: MarketRunOptions,
  agent: BookAgent,
  fromUs: number,
) {
  const sent: Sent[] = [];
  const decisions: (Decision & { readonly timeUs: number })[] = [];
  const run = createMarketRun({
    ...given,
    strategy: notBefore(fromUs, bookAgent(agent)),
    listener: { onDecision: (decision, timeUs) => decisions.push({ timeUs, ...decision }) },
  });
  noteSent(run.simulation.market, sent);
  for (const tape of tapes) run.simulation.push(tape);
  run.simulation.end();
  return { run, sent, decisions };
}

export interface Compared {
  decisions: number;
  sent: number;
  fills: number;
  invalid: number;
}

/** Holds a backtest of an agent to the episode of a policy that decides by all that it sees, to the last bit. */
export function compare(tapes: readonly Tape[], tape: BookTape, options: SmallOptions): Compared {
  const { features = [], clock = { everyMs: 100 }, levels = 5, distance = 'ticks' } = options;
  const whole = { begin: 'first', mayCrossInvalid: true, warmUpMs: features.length === 0 ? 0 : WARM_UP_MS } as const;
  const environmentOptions = bookOptions(tape, { ...options, episode: whole });
  const { infos, seen, sent, run, given, space } = episode(tape, environmentOptions);
  const { actions, size } = environmentOptions;
  const found: Float32Array[] = [];
  const agent: BookAgent = {
    name: 'agent',
    title: '',
    says: '',
    clock,
    features,
    normalisation: noNormalisation({ columns: features.length === 0 ? [] : COLUMNS }),
    actions,
    size,
    levels,
    distance,
    createPolicy: () => policyOn(space, found),
  };
  const fromUs = tape.starts[0]!.timeUs + whole.warmUpMs * 1_000;
  const same = backtest(tapes, given, agent, fromUs);
  const count = seen.length;
  const decisions = same.decisions.slice(0, count);
  assert.equal(
    decisions.map(({ timeUs }) => timeUs / 1_000),
    infos.slice(0, count).map(({ timeMs }) => timeMs),
  );
  for (let n = 0; n < count; n++) assert.equal(found[n], seen[n], `observation ${n}`);
  assert.equal(
    decisions.map(({ equity }) => equity),
    infos.slice(0, count).map(({ equity }) => equity),
  );
  const untilMs = infos.at(-1)!.timeMs;
  const before = (orders: readonly Sent[]) => orders.filter(([timeUs]) => timeUs < untilMs * 1_000);
  assert.equal(before(same.sent), before(sent));
  const fills = run.account.fills.filter(({ timeMs }) => timeMs <= untilMs);
  assert.equal(
    same.run.account.fills.filter(({ timeMs }) => timeMs <= untilMs),
    fills,
  );
  // What is noted: the end of what is seen, and a digest of all.
  for (const [n, { observation, digest }] of decisions.entries()) {
    assert.is(digest, digestOf(seen[n]!));
    assert.equal(observation, Array.from(seen[n]!.slice(-observation.length)));
    assert.is(observation.length, 2 * agent.normalisation.columns.length + 9);
  }
  return {
    decisions: count,
    sent: sent.length,
    fills: fills.length,
    invalid: seen.filter((observation) => observation[0] === 0).length,
  };
}
