import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { nearestName } from '../../infra/nearest-name.ts';
import type { Bench, BenchResult } from './bench.ts';
import { writePerformance } from './performance-page.ts';

/** `npm run bench [-- NAME…] [--json] [--list]`: measures, prints a line a benchmark, fills docs/performance.md. */

const FOLDER = dirname(fileURLToPath(import.meta.url));
const REPOSITORY = dirname(dirname(FOLDER));

async function listBenches(): Promise<Bench[]> {
  const benches: Bench[] = [];
  for (const file of readdirSync(FOLDER).sort()) {
    const { default: bench }: { default?: Bench } =
      file === 'run.ts' ? {} : await import(pathToFileURL(join(FOLDER, file)).href);
    if (bench !== undefined) benches.push(bench);
  }
  return benches;
}

function isMet({ target }: Bench, { ratio, value }: BenchResult): boolean | null {
  const measured = target.of === 'ratio' ? ratio : value;
  if (measured === null) return null;
  return target.at === 'least' ? measured >= target.bound : measured <= target.bound;
}

function toLine(bench: Bench, result: BenchResult): string {
  const number = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 4 });
  const { of, at, bound } = bench.target;
  const met = isMet(bench, result);
  const verdict = met === null ? 'no reference' : met ? 'met' : 'NOT MET';
  const ratio = result.ratio === null ? '' : `   ratio ${result.ratio.toFixed(2)}`;
  const reference =
    result.reference === null ? '' : `   (${result.reference}: ${number(result.referenceValue ?? Number.NaN)})`;
  const note = result.note === undefined ? '' : `   ${result.note}`;
  return `${bench.name.padEnd(14)}${number(result.value).padStart(10)} ${result.unit}${reference}${ratio}   ${of} at ${at} ${bound}: ${verdict}${note}`;
}

async function main(): Promise<number> {
  const options = { json: { type: 'boolean' }, list: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const benches = await listBenches();
  if (values.list === true) {
    for (const { name, summary } of benches) process.stdout.write(`${name.padEnd(14)}${summary}\n`);
    return 0;
  }
  const names = benches.map(({ name }) => name);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearestName(unknown, names);
    process.stderr.write(
      `bench: expected one of ${names.join(', ')}, found ${unknown}${near ? `; did you mean ${near}?` : ''}\n`,
    );
    return 2;
  }
  const folder = process.env['DON_CAPTURES'] || join(REPOSITORY, '..', 'shared', 'data', 'captures');
  const captures = existsSync(folder) ? folder : undefined;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  let status = 0;
  const measured: { bench: Bench; result: BenchResult; isMet: boolean | null }[] = [];
  for (const bench of benches) {
    if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
    try {
      const result = await bench.run({ captures, say });
      measured.push({ bench, result, isMet: isMet(bench, result) });
      process.stdout.write(`${values.json === true ? JSON.stringify(result) : toLine(bench, result)}\n`);
    } catch (error) {
      say(`${bench.name}: ${error instanceof Error ? error.message : String(error)}`);
      status = 1;
    }
  }
  writePerformance(join(REPOSITORY, 'docs', 'performance.md'), measured);
  return status;
}

process.exitCode = await main();
