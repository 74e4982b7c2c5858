import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { optimise } from '../../../services/optimise/optimise.ts';
import type { StudyReport } from '../../../services/optimise/report/study-report.ts';
import type { Study } from '../../../services/optimise/study.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { record } from '../jobs/recorded-market.ts';
import { HALTS_AT, recordMarket, storedTrials, studiedMarket, studyOf } from './recorded-study.ts';

const test = suite('services/optimise/optimise');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-studies-'));
const instrument = await recordMarket(redis);

function run(study: Study, workers = 1): Promise<StudyReport> {
  return optimise(study, { redisUrl, folder, workers });
}

for (const search of ['grid', 'random', 'tpe', 'cma-es'])
  test(`${search}: the same study gives the same bytes with one worker and with two`, async () => {
    const vary =
      search === 'grid' ? { fast: { from: 2, to: 8, step: 3 }, slow: { from: 6, to: 18, step: 4 } } : undefined;
    const study = await studyOf(redis, instrument, { search, ...(vary === undefined ? {} : { vary }) });
    const [one, two] = [await run(study, 1), await run(study, 2)];
    assert.is(JSON.stringify(one), JSON.stringify(two));
    assert.is(one.result.spans.length, 3);
    assert.ok(one.result.fills > 3, `${one.result.fills} fills`);
    for (const { trials } of one.inSample.windows) assert.ok(trials >= 9, `${trials} trials`);
    assert.not(existsSync(join(folder, study.id)), 'nothing is left behind');
  });

test('another seed, range, window or cost is another study', async () => {
  const changes = [
    {},
    { seed: 2 },
    { test: '20m' },
    { embargo: '6m' },
    { feeTier: 3 },
    { anchored: true },
    { trials: 9 },
    { limits: { maxPosition: 1 } },
    { limits: { priceBand: 'off' as const } },
  ];
  const ids = await Promise.all(changes.map(async (change) => (await studyOf(redis, instrument, change)).id));
  assert.is(new Set(ids).size, changes.length);
  assert.is((await studyOf(redis, instrument, { workers: 7 })).id, ids[0]);
});

test('risk limits stop orders in every trial', async () => {
  const { result } = await run(await studyOf(redis, instrument, { limits: { maxOrderNotional: 0 } }));
  assert.is(result.fills, 0);
});

test('the same study twice at once: the second waits for the first, and an abort ends its waiting', async () => {
  const study = await studyOf(redis, instrument, { seed: 8 });
  const [impatient, first] = [new AbortController(), run(study)];
  const [second, third] = [run(study), optimise(study, { redisUrl, folder, workers: 1, signal: impatient.signal })];
  const ended = third.catch((error: Error) => error.message);
  impatient.abort(new Error('enough'));
  assert.is(await ended, 'enough');
  assert.is(JSON.stringify(await first), JSON.stringify(await second));
});

test('killed and begun again it gives the report of one that was not, and runs no trial twice', async () => {
  const study = await studyOf(redis, instrument);
  const whole = JSON.stringify(await run(study));
  const child = fork(new URL('./study-process.ts', import.meta.url), [redisUrl, instrument, folder]);
  await until('its first trials', async () => storedTrials(folder, study).length >= HALTS_AT);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  const kept = storedTrials(folder, study);
  appendFileSync(join(folder, study.id, 'trials.jsonl'), '["a line that was not', { mode: 0o600 });
  const dones: number[] = [];
  const resumed = await optimise(study, { redisUrl, folder, workers: 2, onProgress: (done) => dones.push(done) });
  assert.is(JSON.stringify(resumed), whole);
  assert.ok(kept.length < 3 * 24, `${kept.length} trials were there when it was killed`);
});

test('what is stored of a trial is taken for it', async () => {
  const study = await studyOf(redis, instrument, { seed: 5 });
  const child = new AbortController();
  const aborted = await optimise(study, {
    redisUrl,
    folder,
    workers: 1,
    signal: child.signal,
    onProgress: (done) => done >= 16 && child.abort(new Error('enough')),
  }).catch((error: Error) => error.message);
  assert.is(aborted, 'enough');
  const lines = storedTrials(folder, study).map(
    (line) => JSON.parse(line) as [string, { figures: { total: number } | null }],
  );
  assert.ok(lines.length >= 16, `${lines.length} trials`);
  const changed = lines.findIndex(([, { figures }]) => figures !== null);
  lines[changed]![1].figures!.total = 12;
  writeFileSync(join(folder, study.id, 'trials.jsonl'), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  const { inSample } = await run(study);
  assert.is(inSample.windows[0]!.chosen.objectives['return'], 12);
});

test('what is chosen, and all that is said of the search, knows nothing of the test span', async () => {
  const known = await run(await studyOf(redis, instrument));
  const [first] = known.inSample.windows;
  const market = studiedMarket().map((event) => {
    const isLater = event.receiveTimeUs >= first!.testFromMs * 1_000;
    // Trades an eighth dearer.
    if (!isLater || event.channel !== 'aggTrade') return event;
    const trade = JSON.parse(event.payload.toString()) as { p: string };
    return { ...event, payload: JSON.stringify({ ...trade, p: (Number(trade.p) * 1.125).toFixed(2) }) };
  });
  const other = await record(redis, entriesOf(market, [5]));
  const changed = await run(await studyOf(redis, other));
  // The reality check draws by the id of the study, which names the instrument.
  const figures = ({ realityCheck: _, ...window }: StudyReport['inSample']['windows'][number]) => window;
  assert.equal(figures(changed.inSample.windows[0]!), figures(first!));
  assert.not.equal(changed.result.spans[0], known.result.spans[0]);
});

const FRAGILE = `
  import { defineStrategy, wholeNumber } from 'don/strategy';
  export default defineStrategy({
    name: 'fragile', title: '', says: '',
    parameters: { n: wholeNumber('bars', { default: 1, says: '', most: 20 }), odd: wholeNumber('', { default: 1, says: '', least: 0, most: 1 }) },
    events: [], barMs: () => 20000,
    create({ n, odd }) {
      let bars = 0;
      return { onBar(bar, market) {
        if (n % 2 === odd) throw new TypeError('n is ' + n);
        if (++bars % n === 0 && market.orders.length === 0)
          market.placeMarket(market.positionSteps > 0 ? 'sell' : 'buy', market.positionSteps || 10);
      } };
    },
  });
`;

test('a trial whose strategy throws is a failed one with its reason; where all do, that is an error', async () => {
  mkdirSync(join(folder, 'own'), { recursive: true });
  const strategy = join(folder, 'own', 'fragile.ts');
  writeFileSync(strategy, FRAGILE);
  const asked = { strategy, search: 'grid', set: { odd: 1 } };
  const { inSample, result } = await run(
    await studyOf(redis, instrument, { ...asked, vary: { n: { from: 3, to: 8 } } }),
  );
  for (const { trials, failed, failures, chosen } of inSample.windows) {
    assert.equal([trials, failed, chosen.parameters['n']! % 2], [6, 3, 0]);
    assert.match(failures[0]!.reason, /^strategy fragile failed at 2024-\S+ of the run: n is \d$/);
    assert.is(failures[0]!.count, 3);
  }
  assert.ok(result.fills > 3);
  const all = await studyOf(redis, instrument, { ...asked, vary: { n: { from: 3, to: 3 } } });
  const failure = await run(all, 2).catch((error: Error) => error.message);
  assert.match(
    String(failure),
    /^every one of 1 trial on 2024-.* failed; the first: strategy fragile failed at .*: n is 3$/,
  );
});

test('without data for a test span there is no study, and no in-sample figure in its place', async () => {
  const refused = await studyOf(redis, instrument, { train: '3h', test: '1h' }).catch((error: Error) => error);
  assert.is((refused as Error).name, 'BadInput');
  assert.match(
    (refused as Error).message,
    /expected at least 4 h 5 min: one training span of 3 h and one test span of 1 h and 5 min between .*; found 3 h .* Without a test span there is no result/,
  );
  const nothing = await studyOf(redis, 'simulated:NOBODY').catch((error: Error) => error.message);
  assert.match(String(nothing), /nothing is recorded in that span/);
});

test('where lengths are not said the data decide: five test spans', async () => {
  const { settings } = await studyOf(redis, instrument, { train: undefined, test: undefined });
  assert.is(settings.windows.length, 5);
  const [{ trainFromMs, trainToMs, testFromMs, testToMs }] = settings.windows as [(typeof settings.windows)[number]];
  assert.is((trainToMs - trainFromMs) / (testToMs - testFromMs), 3);
});

test('ends', async () => {
  await redis.quit();
  rmSync(folder, { recursive: true });
});

test.run();
