import type { Redis } from 'ioredis';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import {
  type BarDifference,
  RECONCILED_FIELDS,
  type Reconciliation,
  reconcileBars,
} from '../../../operators/bar-reconciliation.ts';
import { scaleBefore } from '../../../pipelines/book-at.ts';
import { BAR_INTERVALS } from '../../../pipelines/derived.ts';
import { rawKey } from '../../../streams/keys.ts';
import { listRecordings } from '../../../streams/recordings.ts';
import { barRows } from '../../exporter/bar-rows.ts';
import { plainNumber } from '../../exporter/columns.ts';
import type { Bound } from '../../exporter/span.ts';
import { ensureReadableTables } from '../../features/feature-table.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { command } from '../command.ts';
import { EXTENT_OPTIONS, readBounds } from '../extent-options.ts';
import { table } from '../table.ts';
import { formatTime } from '../time.ts';

const INTERVALS = Object.keys(BAR_INTERVALS);

export default command({
  usage: ['reconcile --instrument I [--interval 1m] [--from T] [--to T] [--recording R]'],
  description: `Compares the exchange's closed klines with the bars that were made of trades, field by field, where no trade is missing:
prices and numbers of trades exactly, volumes to half a step, quote volumes to 1e-9 of their value. Trades that came late
count in the bar then open; what differs for that reason alone is marked. Exits with 1 where anything differs.`,
  examples: [
    'don reconcile --instrument binance-usdm:BTCUSDT --from -1d',
    'don reconcile --instrument simulated:BTCUSDT --json',
  ],
  options: {
    ...EXTENT_OPTIONS,
    interval: { type: 'string', value: 'N', default: '1m', help: `length of a bar: ${INTERVALS.join(' or ')}` },
    recording: { type: 'string', value: 'R', help: 'one recording; without it each of the instrument' },
  },
  async run({ positionals, values, json, print, say, servers }) {
    if (positionals.length > 0)
      throw new BadInput(`don reconcile: expected flags only, found ${positionals.join(' ')}`);
    const { interval } = values;
    if (!INTERVALS.includes(interval))
      throw new BadInput(`--interval: expected one of ${INTERVALS.join(', ')}, found ${interval}`);
    const bounds = readBounds(values);
    const { redisUrl, questdbUrl } = await servers('redis', 'questdb');
    const redis = await connectRedis(redisUrl);
    try {
      const instrument = await chooseInstrument(redis, values.instrument);
      const recordings = await recordingsOf(redis, instrument, values.recording);
      await ensureReadableTables(questdbUrl);
      const items: ReconciledRecording[] = [];
      for (const recording of recordings) {
        const item = await reconcileRecording(redis, questdbUrl, { instrument, recording, ...bounds }, interval);
        if (typeof item === 'string') say(item);
        else items.push(item);
      }
      if (items.length === 0)
        throw new BadInput(`nothing to compare: no recording of ${instrument} has both bars and klines of ${interval}`);
      print(json ? JSON.stringify({ instrument, interval, items }) : toText(instrument, interval, items));
      return items.every(({ differing }) => differing === 0) ? 0 : 1;
    } finally {
      redis.disconnect();
    }
  },
});

interface ReconciledRecording extends Reconciliation {
  readonly recording: string;
}

async function recordingsOf(redis: Redis, instrument: string, name: string | undefined): Promise<string[]> {
  if (name !== undefined) return [await chooseRecording(redis, instrument, name, undefined)];
  return (await listRecordings(redis, instrument)).map(({ recording }) => recording);
}

interface RecordingExtent {
  readonly instrument: string;
  readonly recording: string;
  readonly from: Bound | undefined;
  readonly to: Bound | undefined;
}

/** @returns why there is nothing to compare, where one of the two is absent as a whole */
async function reconcileRecording(
  redis: Redis,
  questdbUrl: string,
  extent: RecordingExtent,
  interval: string,
): Promise<ReconciledRecording | string> {
  const { instrument, recording } = extent;
  const { bars, klines } = await barRows(questdbUrl, extent, interval);
  if (bars.length === 0 || klines.length === 0)
    return `recording ${recording} is passed over: it has ${bars.length} bars and ${klines.length} klines of ${interval}`;
  const scale = await scaleBefore(redis, rawKey(instrument, recording), '+');
  return { recording, ...reconcileBars({ bars, klines, stepSize: scale?.qty.toNumber(1) }) };
}

/** Lines of a recording; `--json` has all. */
const LINES_MAX = 200;
const HEAD = ['TIME', 'FIELD', 'TRADES', 'KLINE', 'DIFFERENCE', 'REASON'];

/** For each recording what differs in columns, and a line that sums it up. */
export function toText(instrument: string, interval: string, items: readonly ReconciledRecording[]): string {
  const parts = items.map((item) => {
    const { differences } = item;
    const lines = differences.slice(0, LINES_MAX).map(cells);
    const rest = differences.length - lines.length;
    return [
      ...(lines.length === 0 ? [] : [table(HEAD, lines, ['TRADES', 'KLINE', 'DIFFERENCE'])]),
      ...(rest === 0 ? [] : [`… and ${rest.toLocaleString('en')} more; --json has all.`]),
      `${instrument}, recording ${item.recording}, ${interval}: ${summary(item)}`,
    ].join('\n');
  });
  return parts.join('\n\n');
}

function cells({ openTimeMs, field, traded, kline, difference, isLate }: BarDifference): string[] {
  const number = (value: number | null): string => (value === null ? '–' : plainNumber(value));
  const reason = isLate ? 'late trades' : '–';
  return [
    formatTime(openTimeMs * 1_000),
    columnOf(field),
    number(traded),
    number(kline),
    number(rounded(difference)),
    reason,
  ];
}

/** As the table `bars` names it. */
function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Without the digits that a subtraction of doubles makes up. */
function rounded(difference: number | null): number | null {
  return difference === null ? null : Number(difference.toPrecision(10));
}

function summary({
  compared,
  differing,
  late,
  missingBars,
  missingKlines,
  notCompared,
  fields,
}: Reconciliation): string {
  const left = notCompared === 0 ? '' : `; ${notCompared} not compared, where trades are missing or may be`;
  if (differing === 0) return `${compared} compared, all equal${left}.`;
  const largest = RECONCILED_FIELDS.flatMap((field) => {
    const differs = fields[field];
    if (differs === undefined) return [];
    return [`${columnOf(field)} in ${differs.count} by up to ${plainNumber(rounded(differs.largest) ?? 0)}`];
  });
  const missing = [
    ...(missingBars === 0 ? [] : [`${missingBars} without a bar`]),
    ...(missingKlines === 0 ? [] : [`${missingKlines} without a kline`]),
  ];
  const how = [...largest, ...missing].join(', ');
  return `${compared} compared, ${differing} differ (${late} of them by late trades): ${how}${left}.`;
}
