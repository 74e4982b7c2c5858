import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../../../infra/migrations.ts';
import { connectPostgres } from '../../../../infra/postgres.ts';
import type { Model, TestedFigures } from '../../../../services/trainer/model/model.ts';
import type { ForwardSession, ForwardTest } from '../../../../services/trainer/registry/forward-test.ts';
import type { ModelRecord } from '../../../../services/trainer/registry/model-record.ts';
import { registerModel } from '../../../../services/trainer/registry/register-model.ts';
import { testServers } from '../../../support/servers.ts';
import { smallModel } from '../model/small-model.ts';

const DAY_MS = 86_400_000;
const { postgresUrl } = await testServers('postgres');

export { postgresUrl };
export const pool = await connectPostgres(postgresUrl);
await migrate(pool);
export const home = mkdtempSync(join(tmpdir(), 'don-registry-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

export const BECAUSE = { who: 'eve', why: 'to see' };

/** Of a good model: trained in 2023, tested in 2024. @param test its first day in 2024 */
export function goodModel(seed: number, changes: Partial<TestedFigures> = {}, test = 1): Model {
  const model = smallModel();
  const fromMs = Date.UTC(2024, 0, test);
  return {
    ...model,
    lineage: {
      ...model.lineage,
      seed,
      train: { fromMs: Date.UTC(2023, 0), toMs: Date.UTC(2024, 0) },
      test: { fromMs, toMs: fromMs + DAY_MS },
    },
    tested: {
      ...model.tested,
      model: { ...model.tested.model, sharpe: 2, sharpeInterval: { low: 0.5, high: 3.5, level: 0.95 }, ...changes },
      baselines: [{ ...model.tested.model, name: 'flat', total: 0, sharpe: null, sharpeInterval: null, filled: 0 }],
    },
  };
}

let names = 0;
/** A line of its own, with as many good models, each tested on other candles. */
export async function registered(count: number): Promise<{ readonly name: string; readonly models: ModelRecord[] }> {
  const name = `line-${process.pid}-${names++}`;
  const models: ModelRecord[] = [];
  for (let n = 0; n < count; n++) {
    const model = goodModel(names * 1_000 + n, {}, 1 + n);
    models.push((await registerModel(pool, home, model, { name, who: 'eve' })).record);
  }
  return { name, models };
}

/** Of a good week on paper, which begins now. @param changes of its one session */
export function forwardTest({ id }: Pick<ModelRecord, 'id'>, changes: Partial<ForwardSession> = {}): ForwardTest {
  return {
    account: 'trend',
    strategy: `model:${id}`,
    instrument: 'simulated:BTCUSDT',
    sessions: [forwardSession(changes)],
    leftOut: { others: 0, earlier: 0, live: 0 },
  };
}

export function forwardSession(changes: Partial<ForwardSession> = {}): ForwardSession {
  const fromMs = Date.now();
  return {
    session: '0a1b2c3d4e5f',
    fromMs,
    toMs: fromMs + 7 * DAY_MS,
    haltedMs: 0,
    decisions: 2_016,
    differences: 0,
    initialEquity: 10_000,
    equity: 9_900,
    fills: 40,
    liquidations: 0,
    obstacle: null,
    ...changes,
  };
}

/** What a promise is refused with. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it was taken',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
