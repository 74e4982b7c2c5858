import { splitRow } from './csv-cells.ts';
import { createCsvReader } from './csv-reader.ts';
import { type CsvLayout, csvLayoutOf } from './csv-tables.ts';
import { createFrameReader } from './frame-reader.ts';
import { ImportRefusal } from './import-refusal.ts';
import type { InstrumentName } from './instrument-name.ts';
import { intervalMsOf, intervalOfOpenTimes, KLINE_INTERVALS } from './kline-interval.ts';
import { type LineReader, shown } from './line-sink.ts';
import { createOwnExportReader } from './own-export-reader.ts';
import { createRestAnswerReader } from './rest-answer-reader.ts';
import { commonTimeUnit, microsOf, type TimeUnit } from './times.ts';

/** The forms of file that an import reads. */
export const FORMATS = [
  'capture',
  'frames',
  'rest',
  'export',
  'aggTrades',
  'trades',
  'klines',
  'funding',
  'liquidations',
] as const;

export type Format = (typeof FORMATS)[number];

/** A recognised file: its form, and how to read its lines, as often as needed. */
export interface RecognisedFormat {
  readonly format: Format;
  readonly createReader: () => LineReader;
  /** Unit of its times; undefined where each is told by its size. */
  readonly unit: TimeUnit | undefined;
}

export interface FormatOptions {
  readonly file: string;
  readonly wanted: InstrumentName;
  /** What the caller says it is; a file that does not look like it is refused. */
  readonly format?: Format | undefined;
  /** Of klines; inferred where undefined. */
  readonly interval?: string | undefined;
}

type Shape = 'capture' | 'frames' | 'rest' | 'export' | 'csv';

const SHAPES: readonly (readonly [Shape, RegExp])[] = [
  ['export', /^\s*\{\s*"entry_id"\s*:/],
  ['rest', /^https?:\/\/\S+ -> \S+: /],
  ['capture', /^\S+\s+[[{]/],
  ['frames', /^\s*[[{]/],
  ['csv', /^[^{}[\]]*,[^{}[\]]*$/],
];

/**
 * Recognises a file by its first lines: the shape that most of them have.
 * @throws ImportRefusal where there is none, or what is needed to read it cannot be inferred
 */
export function recogniseFormat(sample: readonly string[], options: FormatOptions): RecognisedFormat {
  const shape = commonShape(sample);
  const lines = sample.filter((line) => shapeOf(line) === shape);
  const recognised = shape === undefined ? undefined : formatOfShape(shape, lines, options);
  if (recognised === undefined) {
    const first = sample.find((line) => line.trim() !== '');
    throw new ImportRefusal(
      `${options.file}: expected a recording (${FORMATS.join(', ')}), found a file that begins with: ${shown(first)}. See don import --help for the forms.`,
    );
  }
  if (options.format !== undefined && options.format !== recognised.format)
    throw new ImportRefusal(
      `${options.file}: expected ${options.format}, found ${recognised.format}. Leave --format out.`,
    );
  return recognised;
}

function shapeOf(line: string): Shape | undefined {
  return SHAPES.find(([, pattern]) => pattern.test(line))?.[0];
}

function commonShape(sample: readonly string[]): Shape | undefined {
  const counts = new Map<Shape, number>();
  for (const line of sample) {
    const shape = shapeOf(line);
    if (shape !== undefined) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
}

function formatOfShape(shape: Shape, lines: readonly string[], options: FormatOptions): RecognisedFormat | undefined {
  const { wanted } = options;
  switch (shape) {
    case 'capture': {
      const unit = commonTimeUnit(lines.map((line) => line.slice(0, line.indexOf(' '))));
      if (unit === undefined) return undefined;
      return { format: 'capture', unit, createReader: () => createFrameReader(wanted, unit) };
    }
    case 'frames':
      return { format: 'frames', unit: undefined, createReader: () => createFrameReader(wanted, undefined) };
    case 'rest':
      return { format: 'rest', unit: 's', createReader: () => createRestAnswerReader(wanted) };
    case 'export':
      return { format: 'export', unit: 'us', createReader: () => createOwnExportReader(wanted) };
    case 'csv':
      return csvFormat(lines.map(splitRow), options);
  }
}

type CsvRow = readonly string[];

function csvFormat(rows: readonly CsvRow[], options: FormatOptions): RecognisedFormat | undefined {
  // The first row may be a broken one, so the layout is that of the first row that has one.
  const layout = rows.map(csvLayoutOf).find((found) => found !== undefined);
  if (layout === undefined) return undefined;
  const { table, columns } = layout;
  const times = rows.map((row) => row[columns.indexOf(table.timeColumn)] ?? '');
  const unit = commonTimeUnit(times);
  if (unit === undefined) return undefined;
  const isKlines = table.name === 'klines';
  const interval = isKlines ? intervalOf(options, layout, rows, unit) : '';
  const context = { wanted: options.wanted, interval, intervalMs: intervalMsOf(interval) };
  return { format: table.name, unit, createReader: () => createCsvReader(layout, context, unit) };
}

function intervalOf(options: FormatOptions, layout: CsvLayout, rows: readonly CsvRow[], unit: TimeUnit): string {
  const { file, interval } = options;
  if (interval !== undefined) {
    if (KLINE_INTERVALS.includes(interval)) return interval;
    throw new ImportRefusal(`interval: expected one of ${KLINE_INTERVALS.join(', ')}, found "${interval}".`);
  }
  const timesOf = (column: string): number[] => {
    const index = layout.columns.indexOf(column);
    const times = rows.map((row) => Math.floor(microsOf(row[index] ?? '', unit) / 1000));
    return times.filter((time) => !Number.isNaN(time));
  };
  const openTimes = timesOf('openTime');
  const closeTimes = timesOf('closeTime');
  // A single candle has a length too, where it says when it closed.
  const ofOne = [openTimes[0] ?? Number.NaN, (closeTimes[0] ?? Number.NaN) + 1];
  const found = intervalOfOpenTimes(openTimes) ?? intervalOfOpenTimes(ofOne);
  if (found !== undefined) return found;
  throw new ImportRefusal(
    `${file}: the interval of its candles cannot be told from their open times. Give it, e.g. --interval 1m.`,
  );
}
