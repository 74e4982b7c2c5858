import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Bench, BenchResult } from './bench.ts';

export interface Measured {
  readonly bench: Bench;
  readonly result: BenchResult;
  readonly isMet: boolean | null;
}

const HEAD = `# Performance

\`npm run bench\` measures this and writes the table: each line is the median of at least five runs, ours and the reference in the same run. Only the ratio says something on another machine.

`;
const COLUMNS = `| name | work | measured | reference | ratio | at least / at most | met | machine, day |
|---|---|---|---|---|---|---|---|
`;

/** Replaces the lines of what was measured in the page's table; the others stay as they were. */
export function writePerformance(path: string, measured: readonly Measured[]): void {
  const lines = new Map<string, string>();
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  for (const line of before.split('\n')) {
    const name = /^\| `([\w-]+)` \|/.exec(line)?.[1];
    if (name !== undefined) lines.set(name, line);
  }
  for (const item of measured) lines.set(item.bench.name, toLine(item));
  const table = [...lines.keys()].sort().map((name) => lines.get(name));
  writeFileSync(path, `${HEAD}${COLUMNS}${table.join('\n')}\n`);
}

function toLine({ bench, result, isMet }: Measured): string {
  const number = (value: number | null): string =>
    value === null ? '–' : value.toLocaleString('en', { maximumSignificantDigits: 4 });
  const { of, at, bound } = bench.target;
  const reference =
    result.reference === null ? '–' : `${result.reference}: ${number(result.referenceValue)} ${result.unit}`;
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const work = result.note === undefined ? bench.summary : `${bench.summary} (${result.note})`;
  const cells = [
    `\`${bench.name}\``,
    work,
    `${number(result.value)} ${result.unit}`,
    reference,
    result.ratio === null ? '–' : result.ratio.toFixed(2),
    `${of} ${at === 'least' ? '≥' : '≤'} ${bound}`,
    isMet === null ? '–' : isMet ? 'yes' : 'no',
    `${machine}, ${new Date().toISOString().slice(0, 10)}`,
  ];
  return `| ${cells.join(' | ')} |`;
}
