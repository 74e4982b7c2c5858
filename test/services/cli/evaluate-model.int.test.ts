import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { strategyFeatureSet } from '../../../pipelines/simulation/strategy-features.ts';
import { openRecordedSpan } from '../../../services/backtest/recorded-span.ts';
import type { ModelReport } from '../../../services/trainer/evaluate/evaluate-model.ts';
import { featureHash, type Model } from '../../../services/trainer/model/model.ts';
import { registerModel } from '../../../services/trainer/registry/register-model.ts';
import { runDon } from '../../support/run-don.ts';
import { instrument, redisUrl, withCandles } from '../backtest/candle-recordings.ts';
import { smallModel } from '../trainer/model/small-model.ts';
import { home, pool, postgresUrl } from '../trainer/registry/registry-rig.ts';

const test = suite('services/cli/evaluate-model');
const env = { DON_REDIS_URL: redisUrl, DON_POSTGRES_URL: postgresUrl };
const evaluate = (...args: string[]) => runDon(['evaluate', ...args], { home, env });
const told = ({ stderr }: { stderr: string }) => stderr.trim().split('\n').at(-1)!;

/** A model that has learned from candles up to there. */
function modelUpTo(toMs: number): Model {
  const small = smallModel({ instrument, interval: '5m' });
  const set = strategyFeatureSet({ name: 'small', features: small.features, barMs: () => 300_000 }, {})!;
  return {
    ...small,
    featureHash: featureHash(set.definition),
    lineage: {
      ...small.lineage,
      config: { instrument, interval: '5m', features: small.features },
      train: { fromMs: toMs - 3_600_000, toMs },
    },
  };
}

test('a registered model is judged over candles that it has learned nothing of', () =>
  withCandles(async ({ candles: recording }) => {
    const redis = await connectRedis(redisUrl);
    const { openTimesMs } = (await (
      await openRecordedSpan({ redis, instrument, recording, folder: home })
    ).candles('5m'))!;
    redis.disconnect();
    const middleMs = openTimesMs[openTimesMs.length >> 1]!;
    const name = `judged-${process.pid}`;
    const { record } = await registerModel(pool, home, modelUpTo(middleMs), { name, who: 'eve' });
    const { status, stdout, stderr } = await evaluate(name, '--recording', recording, '--json');
    assert.is(status, 0, stderr);
    const report: ModelReport = JSON.parse(stdout);
    assert.equal([report.model, report.span.fromMs], [record.id, middleMs]);
    assert.is(report.span.toMs, openTimesMs.at(-1)! + 300_000);
    assert.is(report.span.agents[0]!.name, `model ${record.id}`);
    assert.ok(report.span.agents[0]!.filled > 0);
    assert.match(report.verdict, /^(No edge was found|Do not trust)/);
    assert.match(
      (await evaluate(name, '--recording', recording)).stdout,
      /^Model [0-9a-f]{16} of .*\nAmounts in USDT.*\nNo funding is recorded .*\n\n[\s\S]*\nOUT OF SAMPLE: [\s\S]*\nKept in .*evaluations.*: report\.json\n$/,
    );

    const learned = await evaluate(
      name,
      '--recording',
      recording,
      '--from',
      new Date(middleMs - 600_000).toISOString(),
    );
    assert.is(learned.status, 2);
    assert.match(
      told(learned),
      /^don: --from: expected a span that model [0-9a-f]{16} has learned nothing of, which it has from/,
    );
    const later = await evaluate(name, '--recording', recording, '--from', '2040-01-01', '--to', '2040-02-01');
    assert.match(told(later), /^don: --from: expected a span with candles, which are from/);
  }));

test('closes', () => pool.end());

test.run();
