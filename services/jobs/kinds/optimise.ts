import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../../infra/config.ts';
import { nearestName } from '../../../infra/nearest-name.ts';
import { STRATEGIES } from '../../../pipelines/strategies/strategies.ts';
import type { StudySpan } from '../../optimise/resolve-study.ts';
import { studyFaults } from '../../optimise/study-space.ts';
import { STUDY_SPEC, specSpan, specTimeMs } from '../../optimise/study-spec.ts';
import { checkRecorded } from '../job-fields.ts';
import { BadJobData, jobKind } from '../job-kind.ts';

/** What it goes on with: the span that it found first, since a log grows. Trials that have ended are in a file. */
interface Saved extends StudySpan {
  readonly recording: string;
}

/** Searches parameters of a strategy, and judges the choice on spans that it was not chosen on. */
export const optimise = jobKind({
  name: 'optimise',
  role: 'train',
  says: 'searches parameters of a strategy by walk-forward, and judges what was chosen on the spans behind',
  example: {
    strategy: 'moving-average-cross',
    instrument: 'simulated:BTCUSDT',
    vary: { fast: { from: 5, to: 50, step: 5 }, slow: { from: 20, to: 200, step: 10 } },
    train: '3h',
    test: '1h',
  },
  data: STUDY_SPEC,
  sameWork: ({ workers: _, ...work }) => work,
  async check(redis, asked) {
    const known = STRATEGIES.find(({ name }) => name === asked.strategy);
    if (known === undefined) throw new BadJobData([{ field: 'data/strategy', ...unknownStrategy(asked.strategy) }]);
    const faults = studyFaults(known, asked);
    if (faults.length > 0) throw new BadJobData(faults.map((fault) => ({ ...fault, field: `data/${fault.field}` })));
    await checkRecorded(redis, asked);
  },
  async run(spec, { redis, redisUrl, signal, saved, save, report }) {
    const { optimise: run } = await import('../../optimise/optimise.ts');
    const { resolveStudy, studySpan } = await import('../../optimise/resolve-study.ts');
    const { loadStrategy } = await import('../../backtest/load-strategy.ts');
    const { chooseMarketRecording } = await import('../../cli/choose-recording.ts');
    const { instrument, workers = availableParallelism() } = spec;
    const [fromMs, toMs] = [spec.from, spec.to].map((time) => (time === undefined ? undefined : specTimeMs(time)));
    let span = saved as Saved | undefined;
    if (span === undefined) {
      const recording = await chooseMarketRecording(redis, instrument, spec.recording, specSpan(spec));
      span = { recording, ...(await studySpan(redis, { instrument, recording }, { fromMs, toMs })) };
      save(span);
    }
    const study = resolveStudy(spec, await loadStrategy(spec.strategy), span.recording, span);
    const { home } = await readConfig();
    return run(study, {
      redisUrl,
      folder: join(home, 'studies'),
      workers,
      signal,
      onProgress: (done, of) =>
        report({ text: `study ${study.id}`, done, of, unit: 'trials', share: of === 0 ? null : done / of }),
    });
  },
});

function unknownStrategy(found: string) {
  const names = STRATEGIES.map(({ name }) => name);
  const nearest = nearestName(found, names);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return { expected: `one of ${names.join(', ')}${hint}`, found };
}
