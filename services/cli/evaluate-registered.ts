import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '../../infra/migrations.ts';
import { connectPostgres } from '../../infra/postgres.ts';
import { connectRedis } from '../../infra/redis.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { openRecordedSpan } from '../backtest/recorded-span.ts';
import { evaluateModel } from '../trainer/evaluate/evaluate-model.ts';
import type { Looks } from '../trainer/evaluate/look.ts';
import { modelReportText } from '../trainer/evaluate/model-report-text.ts';
import { type LooksOptions, readLooks } from '../trainer/evaluate/read-looks.ts';
import type { Model } from '../trainer/model/model.ts';
import { clockOf, clockText } from '../trainer/model/model-clock.ts';
import { findModel } from '../trainer/registry/find-model.ts';
import { readStoredModel } from '../trainer/registry/stored-model.ts';
import { checkInterval, noCandles } from '../trainer/run/recorded-intervals.ts';
import { chooseMarketRecording } from './choose-recording.ts';
import type { Context } from './command.ts';
import { parseTimeFlag } from './time.ts';

interface Said {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly recording: string | undefined;
  readonly tried: number;
}

/** Judges a registered model over candles that it has learned nothing of. @returns what is to be printed */
export async function evaluateRegistered(
  { servers, json, config: { home } }: Context,
  ref: string,
  { from, to, recording: named, tried }: Said,
): Promise<string> {
  const { redisUrl, postgresUrl } = await servers('redis', 'postgres');
  const { id, model } = await readModel(postgresUrl, ref);
  if (model.environment === 'book')
    throw new BadInput(
      `model ${id}: expected one on candles, found one on ${clockText(clockOf(model))}: don backtest model:${id} runs it`,
    );
  const { instrument, interval, lineage } = model;
  const nowUs = Date.now() * 1_000;
  const timeMs = (flag: 'from' | 'to', said: string): number => parseTimeFlag(flag, said, nowUs).timeUs / 1_000;
  const fromMs = from === undefined ? lineage.train.toMs : timeMs('from', from);
  const redis = await connectRedis(redisUrl);
  try {
    const recording = await chooseMarketRecording(redis, instrument, named, { fromUs: fromMs * 1_000 });
    await checkInterval(redis, { instrument, recording }, interval);
    const recorded = await openRecordedSpan({ redis, instrument, recording, folder: join(home, 'tapes') });
    const bars = await recorded.candles(interval);
    if (bars === undefined || bars.openTimesMs.length === 0) throw noCandles({ instrument, recording }, interval);
    const toMs = to === undefined ? bars.openTimesMs.at(-1)! + bars.intervalMs : timeMs('to', to);
    const looks = await looksIn(postgresUrl, { home, instrument, interval });
    const candles = { bars, scale: recorded.scale, funding: await recorded.funding(bars, undefined) };
    const { data, report } = evaluateModel(id, model, candles, { span: { fromMs, toMs }, looks, tried });
    const folder = join(home, 'evaluations', new Date().toISOString().replace(/[:.]/g, '-'));
    await mkdir(folder, { recursive: true });
    const told = JSON.stringify({ recording, ...report });
    await writeFile(join(folder, 'report.json'), `${told}\n`);
    return json ? told : `${modelReportText(data, report)}\n\nKept in ${folder}: report.json`;
  } finally {
    redis.disconnect();
  }
}

/** What was looked at before on candles of an instrument. */
export async function looksIn(postgresUrl: string, of: Omit<LooksOptions, 'sql'>): Promise<Looks> {
  const pool = await connectPostgres(postgresUrl);
  try {
    await migrate(pool);
    return await readLooks({ ...of, sql: pool });
  } finally {
    await pool.end();
  }
}

async function readModel(postgresUrl: string, ref: string): Promise<{ readonly id: string; readonly model: Model }> {
  const pool = await connectPostgres(postgresUrl);
  try {
    const { id } = await findModel(pool, ref);
    return { id, model: await readStoredModel(pool, id) };
  } finally {
    await pool.end();
  }
}
