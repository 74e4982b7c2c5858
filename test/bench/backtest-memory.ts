import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OTHER, type Tape } from '../../streams/tape/tape.ts';
import { writeTapeFile } from '../../streams/tape/tape-file.ts';
import type { Bench } from './bench.ts';
import { captureTape } from './capture-tape.ts';

const ROWS = 100_000_000;
const RUN = fileURLToPath(new URL('backtest-memory-run.ts', import.meta.url));

/** What the run in a process of its own says. */
export interface MemoryRun {
  readonly rows: number;
  readonly fills: number;
  readonly seconds: number;
  /** The most that it ever took, bytes. */
  readonly peakBytes: number;
}

export default {
  name: 'backtest-memory',
  summary: 'most memory (RSS) of a market maker’s run over a tape of 100 million rows, read from its file',
  target: { of: 'value', at: 'most', bound: 500 },
  async run(context) {
    const { tape, note } = captureTape(context);
    const folder = mkdtempSync(join(tmpdir(), 'don-memory-'));
    try {
      const path = join(folder, 'long.tape');
      await writeRepeated(path, tape, (times) =>
        context.say(`${times} of ${Math.ceil(ROWS / tape.rows)} times written`),
      );
      const { stdout } = await promisify(execFile)(process.execPath, [RUN, path]);
      const { rows, fills, seconds, peakBytes } = JSON.parse(stdout) as MemoryRun;
      if (rows < ROWS || fills === 0)
        throw new Error(`backtest-memory: expected ${ROWS} rows and some fills, found ${rows} and ${fills}`);
      const said = `${(rows / 1e6).toFixed(0)} M rows, ${fills} fills, ${seconds.toFixed(1)} s`;
      return {
        name: 'backtest-memory',
        value: peakBytes / 1e6,
        unit: 'MB',
        reference: null,
        referenceValue: null,
        ratio: null,
        note: note === undefined ? said : `${said}; ${note}`,
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
} satisfies Bench;

/** The same tape again and again, each time behind the last; its snapshots make the book valid anew. */
async function writeRepeated(path: string, tape: Tape, onWritten: (times: number) => void): Promise<void> {
  const { receiveTimesUs, transactionTimesMs, kinds, entryMs } = tape;
  const spanMs = Math.ceil((receiveTimesUs.at(-1)! - receiveTimesUs[0]!) / 1_000) + 1_000;
  const writer = await writeTapeFile(path);
  for (let times = 0; times * tape.rows < ROWS; times++) {
    const ms = times * spanMs;
    await writer.write({
      ...tape,
      entryMs: entryMs.map((value) => value + ms),
      receiveTimesUs: receiveTimesUs.map((value) => value + ms * 1_000),
      transactionTimesMs: transactionTimesMs.map((value, n) => (kinds[n] === OTHER ? value : value + ms)),
    });
    if (times % 20 === 19) onWritten(times + 1);
  }
  await writer.close();
}
