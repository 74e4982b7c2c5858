import type { Redis } from 'ioredis';
import { connectRedis } from '../../../infra/redis.ts';
import { LIVE } from '../../../streams/keys.ts';
import { listInstruments, listRecordings } from '../../../streams/recordings.ts';
import { type Difference, type VerifyReport, verifyRecording } from '../../deriver/verify-recording.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { command } from '../command.ts';
import { table } from '../table.ts';
import { parseTimeFlag } from '../time.ts';

export default command({
  usage: ['verify [--instrument I] [--recording R] [--from T] [--to T]'],
  description:
    'Recomputes what was derived of the log, in other chunks, and compares it with the stored rows to the last bit. Without --instrument every recording is verified. Exits with 1 at the first difference, and shows it.',
  examples: ['don verify', 'don verify --instrument simulated:BTCUSDT --from -1h'],
  options: {
    instrument: { type: 'string', value: 'I', help: 'venue:SYMBOL' },
    recording: { type: 'string', value: 'R', help: 'recording; without it all of them' },
    from: { type: 'string', value: 'T', help: 'first receive time: RFC 3339, age such as -15m, or entry id' },
    to: { type: 'string', value: 'T', help: 'last receive time' },
  },
  async run({ values, json, print, say, servers }) {
    const nowUs = Date.now() * 1_000;
    const fromUs = values.from === undefined ? undefined : parseTimeFlag('from', values.from, nowUs).timeUs;
    const toUs = values.to === undefined ? undefined : parseTimeFlag('to', values.to, nowUs).timeUs;
    const { redisUrl, questdbUrl } = await servers('redis', 'questdb');
    const redis = await connectRedis(redisUrl);
    try {
      const reports: VerifyReport[] = [];
      for (const { instrument, recording } of await choose(redis, values.instrument, values.recording)) {
        say(`verifying ${instrument}, recording ${recording}`);
        reports.push(await verifyRecording({ redis, questdbUrl, instrument, recording, fromUs, toUs }));
      }
      print(json ? JSON.stringify({ items: reports }) : toText(reports));
      return reports.every(({ differenceCount, outdated }) => differenceCount === 0 && outdated === null) ? 0 : 1;
    } finally {
      redis.disconnect();
    }
  },
});

interface Chosen {
  readonly instrument: string;
  readonly recording: string;
}

async function choose(redis: Redis, instrument: string | undefined, recording: string | undefined): Promise<Chosen[]> {
  if (recording !== undefined) {
    const named = await chooseInstrument(redis, instrument);
    return [{ instrument: named, recording: await chooseRecording(redis, named, recording, undefined) }];
  }
  const names = instrument === undefined ? await listInstruments(redis) : [await chooseInstrument(redis, instrument)];
  const chosen: Chosen[] = [];
  for (const name of names)
    for (const known of await listRecordings(redis, name))
      chosen.push({ instrument: name, recording: known.recording });
  return chosen;
}

function toText(reports: readonly VerifyReport[]): string {
  if (reports.length === 0) return 'Nothing is recorded yet.';
  const lines = reports.map((report) => {
    const rows = Object.values(report.rows).reduce((sum, count) => sum + count, 0);
    const result = report.outdated !== null ? 'OUTDATED' : resultOf(report);
    return [report.instrument, report.recording, rows.toLocaleString('en'), report.upTo ?? '–', result];
  });
  const outdated = reports.flatMap((report) => (report.outdated === null ? [] : [explainOutdated(report)]));
  const differences = reports.flatMap((report) => report.differences.map((difference) => explain(report, difference)));
  return [
    table(['INSTRUMENT', 'RECORDING', 'ROWS', 'UP TO', 'RESULT'], lines, ['ROWS']),
    ...outdated,
    ...differences,
  ].join('\n');
}

function resultOf({ differenceCount }: VerifyReport): string {
  return differenceCount === 0 ? 'equal' : `${differenceCount} DIFFERENCES`;
}

function explainOutdated({ instrument, recording, outdated }: VerifyReport): string {
  const mend = recording === LIVE ? 'a running deriver derives it anew' : 'import its file again';
  return `${instrument} ${recording}: its rows were derived by another version (${outdated}): ${mend}`;
}

function explain({ instrument, recording }: VerifyReport, difference: Difference): string {
  const { table: name, entryId, kind, column, stored, recomputed } = difference;
  const where = `${instrument} ${recording}, ${name}, event ${entryId}`;
  if (kind === 'missing') return `${where}: the row is missing; recomputed it is ${JSON.stringify(recomputed)}`;
  if (kind === 'unexpected') return `${where}: the log does not give this row: ${JSON.stringify(stored)}`;
  return `${where}, ${column}: stored ${JSON.stringify(stored)}, recomputed ${JSON.stringify(recomputed)}`;
}
