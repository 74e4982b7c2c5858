import { Worker } from 'node:worker_threads';
import { BadInput } from '../../../infra/setup-error.ts';
import type { CheckReport, Finding } from './check-feature.ts';
import { checkTypes } from './check-types.ts';
import type { CheckWork } from './check-worker.ts';
import type { RecordedSpan } from './recorded-market.ts';

/** An honest feature takes some seconds. */
const LIMIT_MS = 60_000;
/** Runs over a recording come on top of it. */
const RECORDED_LIMIT_MS = 240_000;

export interface CheckOptions {
  /** A part of a recording that it is tried on too. */
  readonly span?: RecordedSpan | undefined;
  /** After which it counts as stalled. */
  readonly limitMs?: number;
}

/**
 * All checks of a custom feature: its types, and how it behaves, apart from this thread.
 * @throws BadInput where the file is no custom feature
 */
export async function checkFile(
  file: string,
  { span, limitMs = span === undefined ? LIMIT_MS : RECORDED_LIMIT_MS }: CheckOptions = {},
): Promise<CheckReport> {
  const [types, report] = await Promise.all([checkTypes(file), checkApart({ file, span }, limitMs)]);
  const findings = types.map((message): Finding => ({ kind: 'types', message }));
  return { ...report, findings: [...findings, ...report.findings] };
}

function checkApart(work: CheckWork, limitMs: number): Promise<CheckReport> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { workerData: work });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      void worker.terminate();
      settle();
    };
    const timer = setTimeout(() => {
      const message = `did not come back within ${limitMs / 1_000} s`;
      const findings: Finding[] = [{ kind: 'stalls', message }];
      const nothing = { columns: [], rows: 0, recorded: null, description: null };
      end(() => done({ file: work.file, feature: work.file, findings, ...nothing }));
    }, limitMs);
    worker.once('message', (said: { report?: CheckReport; refused?: string }) =>
      end(() => (said.report === undefined ? failed(new BadInput(said.refused ?? 'nothing')) : done(said.report))),
    );
    worker.once('error', (error) => end(() => failed(error)));
  });
}
