import * as assert from 'uvu/assert';
import { type ImportOptions, importFile } from '../../../services/importer/import-file.ts';
import type { ImportReport } from '../../../services/importer/import-report.ts';
import { listDeadLetters } from '../../../streams/dead-letter.ts';
import { testServers } from '../../support/servers.ts';
import { withEmptyRedis } from './empty-redis.ts';
import { countBy, type LoggedEvent, logContents } from './log-contents.ts';
import { withFile } from './scratch.ts';
import { type CaptureLine, captureText, syntheticCapture } from './synthetic-capture.ts';

export const { redisUrl } = await testServers('redis');
export const INSTRUMENT = 'binance-usdm:BTCUSDT';

type Options = Partial<Omit<ImportOptions, 'redis' | 'file'>>;

export interface Imported {
  readonly report: ImportReport;
  readonly log: LoggedEvent[];
  readonly deadLetters: { reason: string; payload: string; channel: string }[];
}

/** Imports the content into an empty Redis. */
export async function imported(content: string | Uint8Array, options: Options = {}): Promise<Imported> {
  return withEmptyRedis(redisUrl, async (redis) => {
    return await withFile(content, async (file) => {
      const report = await importFile({ redis, file, instrument: INSTRUMENT, ...options });
      const deadLetters = await listDeadLetters(redis, report.instrument);
      return {
        report,
        log: await logContents(redis, report.instrument, report.recording),
        deadLetters: deadLetters.reverse(),
      };
    });
  });
}

/** Why the content is refused; nothing of it may be left behind. */
export async function refusal(content: string | Uint8Array, options: Options = {}): Promise<string> {
  return withEmptyRedis(redisUrl, async (redis) => {
    const outcome = await withFile(content, (file) =>
      importFile({ redis, file, instrument: INSTRUMENT, ...options }).then(
        () => 'no refusal',
        (error: Error) => error,
      ),
    );
    if (typeof outcome === 'string') return outcome;
    if (outcome.name !== 'ImportRefusal') throw outcome;
    assert.equal(await redis.keys('*'), [], 'nothing was added');
    return outcome.message;
  });
}

export const LINES = syntheticCapture(300);
export const TEXT = captureText(LINES);
export const COUNTS: Readonly<Record<string, number>> = { instrument: 1, ...countBy(LINES, (line) => line.channel) };
export const at = (channel: CaptureLine['channel'], n: number): number =>
  LINES.map((line, i) => (line.channel === channel ? i : -1)).filter((i) => i >= 0)[n]!;
export const changed = (index: number, change: (text: string) => string): string =>
  captureText(LINES.map((line, i) => (i === index ? { ...line, text: change(line.text) } : line)));
export const payloadOf = ({ text }: CaptureLine): string => {
  const frame = text.slice(text.indexOf(' ') + 1);
  return frame.startsWith('{"stream"') ? frame.slice(frame.indexOf('"data":') + 7, -1) : frame;
};
