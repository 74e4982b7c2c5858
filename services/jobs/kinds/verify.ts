import type { Redis } from 'ioredis';
import { z } from 'zod';
import { rawKey } from '../../../streams/keys.ts';
import { listInstruments, listRecordings } from '../../../streams/recordings.ts';
import type { VerifyReport } from '../../deriver/verify-recording.ts';
import { checkRecorded, instrumentField, recordingField, timeField } from '../job-fields.ts';
import { type JobTools, jobKind } from '../job-kind.ts';
import { keepLastVerify } from '../last-verify.ts';

const data = z.strictObject(
  {
    /** All where it is not said. */
    instrument: instrumentField.optional(),
    /** All of the instrument where it is not said. */
    recording: recordingField.optional(),
    /** Receive times of the rows that are compared, both included. */
    from: timeField.optional(),
    to: timeField.optional(),
  },
  'an object, which may be empty',
);
type Data = z.infer<typeof data>;

interface Chosen {
  readonly instrument: string;
  readonly recording: string;
  readonly entries: number;
}

/** What it goes on with: reports of the recordings that are done. */
interface Saved {
  readonly reports: readonly VerifyReport[];
}

/** Recomputes what was derived, and compares it with what is stored. */
export const verify = jobKind({
  name: 'verify',
  role: 'replay',
  says: 'recomputes what was derived of the log and compares it with the stored rows, to the last bit',
  example: { instrument: 'simulated:BTCUSDT' },
  data,
  check: (redis, asked) => checkRecorded(redis, asked),
  async run(asked, tools) {
    const { redis, questdbUrl, signal } = tools;
    const { verifyRecording } = await import('../../deriver/verify-recording.ts');
    const chosen = await choose(redis, asked);
    const of = chosen.reduce((sum, { entries }) => sum + entries, 0);
    const reports = [...((tools.saved as Saved | undefined)?.reports ?? [])];
    let before = 0;
    for (const { instrument, recording, entries } of chosen) {
      if (!reports.some((report) => report.instrument === instrument && report.recording === recording)) {
        const onProgress = (_: number, done: number): void =>
          reportEntries(tools, `verifying ${instrument} ${recording}`, before + Math.min(done, entries), of);
        const span = { fromUs: asked.from, toUs: asked.to };
        reports.push(await verifyRecording({ redis, questdbUrl, instrument, recording, ...span, signal, onProgress }));
        tools.save({ reports } satisfies Saved);
      }
      before += entries;
    }
    if (Object.keys(asked).length === 0) await keepLastVerify(redis, reports);
    return { items: reports };
  },
});

function reportEntries(tools: JobTools, text: string, done: number, of: number): void {
  tools.report({ text, done, of, unit: 'entries', share: of === 0 ? null : done / of });
}

async function choose(redis: Redis, { instrument, recording }: Data): Promise<Chosen[]> {
  const chosen: Chosen[] = [];
  for (const name of instrument === undefined ? await listInstruments(redis) : [instrument])
    for (const known of await listRecordings(redis, name)) {
      if (recording !== undefined && recording !== known.recording) continue;
      const entries = await redis.xlen(rawKey(name, known.recording));
      chosen.push({ instrument: name, recording: known.recording, entries });
    }
  return chosen;
}
