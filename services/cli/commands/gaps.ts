import { styleText } from 'node:util';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { type GapRow, gapRows } from '../../exporter/gap-rows.ts';
import { ensureReadableTables } from '../../features/feature-table.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { command } from '../command.ts';
import { EXTENT_OPTIONS, readBounds } from '../extent-options.ts';
import { table } from '../table.ts';
import { formatTime } from '../time.ts';

export default command({
  usage: ['gaps --instrument I [--from T] [--to T] [--recording R]'],
  description: `Where events of a channel are missing: between the one received at FROM, the last before the gap, and the one at TO, which
closed it. Expected and found are source sequences (update ids, trade ids); – where the channel has none.`,
  examples: ['don gaps --instrument simulated:BTCUSDT --from -1h'],
  options: EXTENT_OPTIONS,
  async run({ positionals, values, json, print, servers }) {
    if (positionals.length > 0) throw new BadInput(`don gaps: expected flags only, found ${positionals.join(' ')}`);
    const bounds = readBounds(values);
    const { redisUrl, questdbUrl } = await servers('redis', 'questdb');
    const redis = await connectRedis(redisUrl);
    try {
      const instrument = await chooseInstrument(redis, values.instrument);
      const { recording: name } = values;
      const recording = name === undefined ? undefined : await chooseRecording(redis, instrument, name, undefined);
      await ensureReadableTables(questdbUrl);
      const rows = await gapRows(redis, questdbUrl, { instrument, recording, ...bounds });
      print(json ? JSON.stringify({ instrument, items: rows }) : gapTable(instrument, rows));
    } finally {
      redis.disconnect();
    }
    return 0;
  },
});

const HEAD = ['CHANNEL', 'REASON', 'EXPECTED', 'FOUND', 'FROM', 'TO', 'LASTED', 'CLOSED BY', 'RECORDING'];

/** The gaps in columns, and how many there are of each channel. */
export function gapTable(instrument: string, rows: readonly GapRow[]): string {
  if (rows.length === 0) return `${instrument} has no gap.`;
  const byChannel = Map.groupBy(rows, (row) => String(row['channel']));
  const counts = [...byChannel].map(([channel, gaps]) => `${channel} ${gaps.length}`).join(' · ');
  const title = `${instrument}: ${rows.length} ${rows.length === 1 ? 'gap' : 'gaps'} (${counts})`;
  return `${title}\n\n${table(HEAD, rows.map(cells), ['EXPECTED', 'FOUND', 'LASTED'])}`;
}

function cells(row: GapRow): string[] {
  const [from, to] = [row['from_time'], row['to_time']];
  const time = (value: unknown): string => (typeof value === 'number' ? formatTime(value) : '–');
  const lasted = typeof from === 'number' && typeof to === 'number' ? duration(to - from) : '–';
  const isOpen = row['closed_by'] === 'open';
  const closedBy = isOpen
    ? styleText('yellow', 'still open', { stream: process.stdout })
    : String(row['closed_by'] ?? '–');
  return [
    String(row['channel']),
    String(row['reason']),
    String(row['expected'] ?? '–'),
    String(row['found'] ?? '–'),
    time(from),
    time(to),
    lasted,
    closedBy,
    String(row['recording']),
  ];
}

function duration(us: number): string {
  if (us < 1_000) return `${us} µs`;
  if (us < 1_000_000) return `${(us / 1_000).toFixed(1)} ms`;
  const seconds = us / 1_000_000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7_200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
