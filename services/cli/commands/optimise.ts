import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { OBJECTIVES } from '../../optimise/objectives.ts';
import { optimise } from '../../optimise/optimise.ts';
import { checkSpec, isKnownStrategy, readStudyFile } from '../../optimise/read-spec.ts';
import { studyHtml } from '../../optimise/report/page/study-html.ts';
import type { StudyReport } from '../../optimise/report/study-report.ts';
import { studyText } from '../../optimise/report/study-text.ts';
import { resolveStudy, studySpan } from '../../optimise/resolve-study.ts';
import type { Study } from '../../optimise/study.ts';
import { type StudySpec, specSpan, specTimeMs } from '../../optimise/study-spec.ts';
import { chooseInstrument, chooseMarketRecording } from '../choose-recording.ts';
import { type Context, command } from '../command.ts';
import { EXTENT_OPTIONS } from '../extent-options.ts';
import { createProgressDisplay } from '../progress.ts';
import { STUDY_OPTIONS, specOfFlags } from '../study-flags.ts';
import { workJob } from '../work-job.ts';

export default command({
  usage: [
    'optimise STRATEGY --instrument I --vary NAME=FROM:TO[:STEP][:log]… [--search S] [--trials N] [--train L --test L] …',
    'optimise STUDY.json [flags as above, which win over the file]',
  ],
  description: `Searches the parameters of a strategy by walk-forward: in each window it searches on the training span, and what is best
there is run once on the test span behind it, which nothing was chosen by. The result is the chain of the test spans, with
confidence intervals; figures of training spans are shown as what they are, and without data for a test span there is no
result. The first objective decides, all are in the Pareto table: ${OBJECTIVES.map(({ name }) => name).join(', ')}.
The same study gives the same bytes with any number of workers, and an interrupted one goes on by the same command. What it
does and what it assumes is in docs/optimise.md.`,
  examples: [
    'don optimise moving-average-cross --instrument simulated:BTCUSDT --vary fast=5:50:5 --vary slow=20:200:10 --train 3h --test 1h',
    'don optimise my-strategy.ts --instrument binance-usdm:BTCUSDT --vary fallBps=1:100:log --search cma-es --trials 200 --train 30d --test 7d --embargo 1h --report study.html',
    'don optimise study.json --json --out study-result.json',
  ],
  options: { ...EXTENT_OPTIONS, ...STUDY_OPTIONS },
  async run(context) {
    const { positionals, values, json, print } = context;
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0)
      throw new BadInput(`don optimise: expected one STRATEGY or STUDY, found ${positionals.join(' ') || 'none'}`);
    const declared = /\.([cm]?[jt]s|json)$/.test(name) ? await readStudyFile(name) : undefined;
    const said = specOfFlags(values);
    const raw: Readonly<Record<string, unknown>> =
      declared === undefined ? { strategy: name, ...said } : { ...declared, ...said, ...mergedRanges(declared, said) };
    const place = (field: string): string =>
      declared !== undefined && !(field.split('/')[0]! in said) ? `${name}, ${field}` : `--${field.replace('/', ' ')}`;
    const { redisUrl } = await context.servers('redis');
    const { spec, study } = await checkedStudy(redisUrl, raw, place);
    const report = isKnownStrategy(spec.strategy)
      ? await asJob(context, spec, values.detach)
      : await here(context, spec, study, redisUrl);
    if (typeof report === 'number') return report;
    const text = JSON.stringify(report);
    if (values.out !== undefined) await writeFile(values.out, `${text}\n`);
    if (values.report !== undefined) await writeFile(values.report, studyHtml(report));
    print(json ? text : studyText(report));
    return 0;
  },
});

/** Ranges and values of flags beside those of the file. */
function mergedRanges(declared: Readonly<Record<string, unknown>>, said: Readonly<Record<string, unknown>>) {
  const merged = (['vary', 'set'] as const).flatMap((field) => {
    const [before, now] = [declared[field], said[field]];
    if (typeof before !== 'object' || before === null || typeof now !== 'object' || now === null) return [];
    return [[field, { ...before, ...now }] as const];
  });
  return Object.fromEntries(merged);
}

/** What cannot be is said before anything is begun. */
async function checkedStudy(
  redisUrl: string,
  raw: Readonly<Record<string, unknown>>,
  place: (field: string) => string,
): Promise<{ readonly spec: StudySpec; readonly study: Study }> {
  const redis = await connectRedis(redisUrl);
  try {
    const said = raw['instrument'];
    const instrument = await chooseInstrument(redis, typeof said === 'string' ? said : undefined);
    const { spec, strategy } = await checkSpec({ ...raw, instrument }, place);
    const [fromMs, toMs] = [spec.from, spec.to].map((time) => (time === undefined ? undefined : specTimeMs(time)));
    const recording = await chooseMarketRecording(redis, instrument, spec.recording, specSpan(spec));
    const span = await studySpan(redis, { instrument, recording }, { fromMs, toMs });
    return { spec, study: resolveStudy(spec, strategy, recording, span) };
  } finally {
    redis.disconnect();
  }
}

/** @returns the report, or the exit status where there is none */
async function asJob(
  { json, print, say, signal, servers }: Context,
  spec: StudySpec,
  isDetached: boolean,
): Promise<StudyReport | number> {
  const urls = await servers('redis', 'questdb');
  const followed = await workJob({ json, print, say, signal }, urls, { kind: 'optimise', data: spec, isDetached });
  return 'exit' in followed ? followed.exit : (followed.job.result as StudyReport);
}

/** A strategy of a file runs in this process alone: a service that works on jobs loads no files. */
async function here(
  { config, say, signal }: Context,
  { workers = availableParallelism() }: StudySpec,
  study: Study,
  redisUrl: string,
): Promise<StudyReport | number> {
  const display = createProgressDisplay(process.stderr);
  const onProgress = (done: number, of: number): void =>
    display.update({ what: `study ${study.id}`, share: done / of, done, unit: 'trials' });
  try {
    return await optimise(study, { redisUrl, folder: join(config.home, 'studies'), workers, signal, onProgress });
  } catch (error) {
    if (!signal.aborted) throw error;
    say('Interrupted. The same command goes on from here.');
    return 130;
  } finally {
    display.end();
  }
}
