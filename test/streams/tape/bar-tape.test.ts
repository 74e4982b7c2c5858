import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Kline } from '../../../streams/events/kline.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { createBarTapeBuilder } from '../../../streams/tape/bar-tape-builder.ts';
import { readBarTapeFile, writeBarTapeFile } from '../../../streams/tape/bar-tape-file.ts';

const test = suite('streams/tape/bar-tape');

const MINUTE_MS = 60_000;
const kline = (minute: number, more: Partial<Kline> = {}): Kline => ({
  type: 'kline',
  interval: '1m',
  openTimeMs: minute * MINUTE_MS,
  open: 100.1,
  high: 100.3,
  low: 99.9,
  close: 100.2,
  volume: 0.003,
  quoteVolume: null,
  buyVolume: null,
  trades: null,
  isClosed: true,
  ...more,
});

function built() {
  const builder = createBarTapeBuilder('1m', MINUTE_MS, createScale('0.1', '0.001'));
  builder.push(kline(1));
  builder.push(kline(2, { isClosed: false }));
  builder.push(kline(2, { volume: null, close: 100.3 }));
  builder.push(kline(2, { close: 100 }));
  builder.push(kline(1));
  builder.push(kline(5, { interval: '5m' }));
  builder.push({ type: 'fundingRate', fundingTimeMs: 300_000, fundingRate: 0.0002 });
  builder.push({ type: 'fundingRate', fundingTimeMs: 100_000, fundingRate: -0.0001 });
  builder.push({ type: 'fundingRate', fundingTimeMs: 300_000, fundingRate: 0.0002 });
  builder.push(kline(4));
  return builder.take({ firstEntryId: '1-0', lastEntryId: '2-0' });
}

test('closed candles of the interval, each once and in order, in ticks and steps; and funding', () => {
  const bars = built();
  assert.equal([...bars.openTimesMs], [MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS]);
  assert.equal([bars.open[0], bars.high[0], bars.low[0], bars.close[0], bars.volume[0]], [1_001, 1_003, 999, 1_002, 3]);
  assert.equal([...bars.close], [1_002, 1_003, 1_002]);
  assert.ok(Number.isNaN(bars.volume[1]));
  assert.equal([...bars.funding.timesMs], [100_000, 300_000]);
  assert.equal([...bars.funding.rates], [-0.0001, 0.0002]);
});

test('prices beyond 32 bits are kept whole', () => {
  const builder = createBarTapeBuilder('1m', MINUTE_MS, createScale('0.00000001', '1'));
  builder.push(kline(1));
  const { close } = builder.take({ firstEntryId: '1-0', lastEntryId: '2-0' });
  assert.equal(close, new Float64Array([10_020_000_000]));
});

test('a file gives back what was written, and one that is cut or another is refused by name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'don-bars-'));
  try {
    const path = join(folder, 'a.bars');
    const bars = built();
    await writeBarTapeFile(path, bars);
    assert.equal(readdirSync(folder), ['a.bars']);
    const { volume, ...others } = await readBarTapeFile(path);
    const { volume: written, ...rest } = bars;
    assert.equal(others, rest);
    assert.equal([...volume], [...written]);
    const refusal = (content: Uint8Array): Promise<string> => {
      writeFileSync(path, content);
      return readBarTapeFile(path).then(
        () => 'none',
        (error: Error) => error.message,
      );
    };
    const bytes = readFileSync(path);
    assert.match(await refusal(bytes.subarray(0, bytes.length - 20)), /a\.bars: expected complete candles, found/);
    assert.match(await refusal(Buffer.from('don tape 1\nxyz')), /expected candles of this version, found "don tape 1/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
