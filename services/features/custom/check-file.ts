import { Worker } from 'node:worker_threads';
import { BadInput } from '../../../infra/setup-error.ts';
import type { CheckReport, Finding } from './check-feature.ts';
import { checkTypes } from './check-types.ts';

/** An honest feature takes some seconds. */
const LIMIT_MS = 60_000;

/**
 * All checks of a custom feature: its types, and how it behaves, apart from this thread.
 * @param limitMs after which it counts as stalled
 * @throws BadInput where the file is no custom feature
 */
export async function checkFile(file: string, limitMs = LIMIT_MS): Promise<CheckReport> {
  const [types, report] = await Promise.all([checkTypes(file), checkApart(file, limitMs)]);
  const findings = types.map((message): Finding => ({ kind: 'types', message }));
  return { ...report, findings: [...findings, ...report.findings] };
}

function checkApart(file: string, limitMs: number): Promise<CheckReport> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { workerData: file });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      void worker.terminate();
      settle();
    };
    const timer = setTimeout(() => {
      const message = `did not come back within ${limitMs / 1_000} s`;
      end(() => done({ file, feature: file, columns: [], rows: 0, findings: [{ kind: 'stalls', message }] }));
    }, limitMs);
    worker.once('message', (said: { report?: CheckReport; refused?: string }) =>
      end(() => (said.report === undefined ? failed(new BadInput(said.refused ?? 'nothing')) : done(said.report))),
    );
    worker.once('error', (error) => end(() => failed(error)));
  });
}
