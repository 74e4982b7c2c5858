import { availableParallelism } from 'node:os';
import type { Redis } from 'ioredis';
import { nearestName } from '../../../infra/nearest-name.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { CATALOGUE, featureNamed } from '../../../operators/features/catalogue.ts';
import { type FeatureDefinition, GROUPS } from '../../../operators/features/definition.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { AVAILABLE_SETS } from '../../../pipelines/feature-sets.ts';
import { listRecordings } from '../../../streams/recordings.ts';
import { type BackfillReport, backfill } from '../../features/backfill/backfill.ts';
import type { CheckReport } from '../../features/custom/check-feature.ts';
import { checkFile } from '../../features/custom/check-file.ts';
import { featureJson, setJson } from '../../features/feature-json.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { type Context, command } from '../command.ts';
import { backfillText, checkText, listText, setsText, showText } from '../features-text.ts';
import { createProgressDisplay } from '../progress.ts';
import { parseTimeFlag } from '../time.ts';

const ACTIONS = ['list', 'show', 'sets', 'backfill', 'check'] as const;
type Action = (typeof ACTIONS)[number];

const OPTIONS = {
  group: { type: 'string', value: 'G', help: `list: only those of a group: ${Object.keys(GROUPS).join(', ')}` },
  instrument: { type: 'string', value: 'I', help: 'backfill: venue:SYMBOL' },
  recording: { type: 'string', value: 'R', help: 'backfill: recording; without it all of the instrument' },
  from: { type: 'string', value: 'T', help: 'backfill: first receive time of the rows to be stored' },
  to: { type: 'string', value: 'T', help: 'backfill: last one' },
  workers: { type: 'string', value: 'N', help: 'backfill: threads; without it one a processor' },
} as const;

type Values = Readonly<Partial<Record<keyof typeof OPTIONS, string | undefined>>>;
type Work = Context & { readonly values: Values };

export default command({
  usage: [
    'features list [--group G]',
    'features show NAME',
    'features sets',
    'features backfill SET --instrument I [--recording R] [--from T] [--to T] [--workers N]',
    'features check FILE…',
  ],
  description: `The features that Don can compute, with units, warm-up and sources, and the sets of them, which are stored as
features_<set>_v<n>. backfill derives a set of what is recorded anew, in chunks side by side; interrupted, the same command
goes on where it was. check tries a custom feature on made markets: that it is typed, says finite numbers from its warm-up
on, keeps nothing outside its state, and never looks ahead. It exits with 1 where something is found.`,
  examples: [
    'don features list --group book',
    'don features show rsi',
    'don features backfill flow-v1 --instrument simulated:BTCUSDT',
    'don features check features/my-feature.ts',
  ],
  options: OPTIONS,
  async run(context) {
    const [action, ...names] = context.positionals;
    const work: Work = context;
    switch (choose('don features', action, ACTIONS)) {
      case 'show':
        return showOne(work, names);
      case 'check':
        return checkFiles(work, names);
      case 'backfill':
        return fill(work, names);
      case 'sets':
        return printAll(work, 'sets', names, AVAILABLE_SETS.map(setJson), setsText);
      case 'list': {
        const group =
          work.values.group === undefined ? undefined : choose('--group', work.values.group, Object.keys(GROUPS));
        const listed = CATALOGUE.filter((feature) => group === undefined || feature.group === group);
        return printAll(work, 'list', names, listed.map(featureJson), () => listText(listed));
      }
    }
  },
});

function printAll(
  { json, print }: Work,
  action: Action,
  names: readonly string[],
  items: readonly unknown[],
  text: () => string,
): number {
  if (names.length > 0) throw new BadInput(`don features ${action}: expected flags only, found ${names.join(' ')}`);
  print(json ? JSON.stringify({ items }) : text());
  return 0;
}

function showOne({ json, print }: Work, names: readonly string[]): number {
  const feature = checkFeature(only('show', 'NAME', names));
  print(json ? JSON.stringify(featureJson(feature)) : showText(feature));
  return 0;
}

async function checkFiles({ json, print, say }: Work, files: readonly string[]): Promise<number> {
  if (files.length === 0) throw new BadInput('don features check: expected at least one FILE, found none');
  const reports: CheckReport[] = [];
  for (const file of files) {
    say(`checking ${file}`);
    reports.push(await checkFile(file));
  }
  print(json ? JSON.stringify({ items: reports }) : reports.map(checkText).join('\n\n'));
  return reports.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

async function fill({ values, json, print, say, signal, servers }: Work, names: readonly string[]): Promise<number> {
  const set = checkSet(only('backfill', 'SET', names));
  const workers = checkWorkers(values.workers);
  const nowUs = Date.now() * 1_000;
  const timeOf = (flag: 'from' | 'to'): number | undefined =>
    values[flag] === undefined ? undefined : parseTimeFlag(flag, values[flag], nowUs).timeUs;
  const span = { fromUs: timeOf('from'), toUs: timeOf('to') };
  const { redisUrl, questdbUrl } = await servers('redis', 'questdb');
  const redis = await connectRedis(redisUrl);
  const display = createProgressDisplay(process.stderr);
  const reports: BackfillReport[] = [];
  try {
    const instrument = await chooseInstrument(redis, values.instrument);
    for (const recording of await recordingsOf(redis, instrument, values.recording)) {
      const onProgress = (chunks: number, of: number, rows: number): void =>
        display.update({ what: `filling ${recording}`, share: chunks / of, done: rows, unit: 'rows' });
      const of = { redis, redisUrl, questdbUrl, instrument, recording, set, workers, signal, onProgress, ...span };
      reports.push(await backfill(of));
      display.end();
    }
  } catch (error) {
    display.end();
    if (!signal.aborted) throw error;
    say('Interrupted. The same command goes on from here.');
    return 130;
  } finally {
    redis.disconnect();
  }
  print(json ? JSON.stringify({ items: reports }) : backfillText(reports));
  return 0;
}

async function recordingsOf(redis: Redis, instrument: string, name: string | undefined): Promise<string[]> {
  if (name !== undefined) return [await chooseRecording(redis, instrument, name, undefined)];
  return (await listRecordings(redis, instrument)).map(({ recording }) => recording);
}

function only(action: Action, what: string, names: readonly string[]): string {
  const [name, ...others] = names;
  if (name !== undefined && others.length === 0) return name;
  throw new BadInput(`don features ${action}: expected one ${what}, found ${names.join(' ') || 'none'}`);
}

function checkFeature(name: string): FeatureDefinition {
  const names = CATALOGUE.map((feature) => feature.name);
  return featureNamed(name) ?? refuse('don features show', 'a name of don features list', name, names);
}

function checkSet(id: string): FeatureSet {
  const ids = AVAILABLE_SETS.map((set) => set.id);
  const found = AVAILABLE_SETS.find((set) => set.id === id);
  return found ?? refuse('don features backfill', ids.join(', '), id, ids);
}

function checkWorkers(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1 && count <= 64) return count;
  throw new BadInput(`--workers: expected a whole number from 1 to 64, found ${text}`);
}

function choose<Name extends string>(at: string, found: string | undefined, names: readonly Name[]): Name {
  return names.find((name) => name === found) ?? refuse(at, names.join(', '), found, names);
}

function refuse(at: string, expected: string, found: string | undefined, names: readonly string[]): never {
  const near = found === undefined ? undefined : nearestName(found, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new BadInput(`${at}: expected ${expected}, found ${found ?? 'nothing'}${hint}`);
}
