import { nearestName } from '../../../infra/nearest-name.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { CATALOGUE, featureNamed } from '../../../operators/features/catalogue.ts';
import { type FeatureDefinition, GROUPS } from '../../../operators/features/definition.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { AVAILABLE_SETS } from '../../../pipelines/feature-sets.ts';
import type { BackfillReport } from '../../features/backfill/backfill.ts';
import type { CheckReport } from '../../features/custom/check-feature.ts';
import { checkFile } from '../../features/custom/check-file.ts';
import { featureJson, setJson } from '../../features/feature-json.ts';
import { chooseInstrument, chooseRecording } from '../choose-recording.ts';
import { type Context, command, type Values } from '../command.ts';
import { chooseSpan, fillCustomFeature, type RecordedFlags, runningCustomFeatures } from '../custom-features.ts';
import { checkText, customListText, customShowText, fillText } from '../custom-features-text.ts';
import { backfillText, listText, setsText, showText } from '../features-text.ts';
import { parseTimeFlag } from '../time.ts';
import { workJob } from '../work-job.ts';

const ACTIONS = ['list', 'show', 'sets', 'backfill', 'check'] as const;
type Action = (typeof ACTIONS)[number];

const OPTIONS = {
  group: { type: 'string', value: 'G', help: `list: only those of a group: ${Object.keys(GROUPS).join(', ')}` },
  instrument: {
    type: 'string',
    value: 'I',
    help: 'backfill, check: venue:SYMBOL; check tries made markets alone without it',
  },
  other: { type: 'string', value: 'I', help: 'backfill: the other instrument, where the set is of two' },
  recording: {
    type: 'string',
    value: 'R',
    help: 'backfill: recording, all of the instrument without it; check: the first without it',
  },
  from: {
    type: 'string',
    value: 'T',
    help: 'backfill: first receive time of the rows to be stored; check: of the events',
  },
  to: { type: 'string', value: 'T', help: 'backfill, check: last one; check goes two hours on without it' },
  feature: { type: 'string', value: 'FILE', help: 'backfill: the custom feature of a file, in place of SET' },
  workers: { type: 'string', value: 'N', help: 'backfill: threads; without it one a processor' },
  detach: { type: 'boolean', help: 'backfill: print the id of the job, and do not wait for it' },
} as const;

type Work = Context & { readonly values: Values<typeof OPTIONS> };

export default command({
  usage: [
    'features list [--group G]',
    'features show NAME',
    'features sets',
    'features backfill SET --instrument I [--other I] [--recording R] [--from T] [--to T] [--workers N] [--detach]',
    'features backfill --feature FILE --instrument I [--recording R] [--from T] [--to T]',
    'features check FILE… [--instrument I] [--recording R] [--from T] [--to T]',
  ],
  description: `The features that Don can compute, with units, warm-up and sources, and the sets of them, which are stored as
features_<set>_v<n>. backfill derives a set of what is recorded anew, in chunks side by side, as a job: the service jobs
works on it, or this command where Don does not run. Interrupted, the same command goes on where it was. check tries a
custom feature on made markets, and with --instrument on what is recorded too: that it is typed, says finite numbers from
its warm-up on, keeps nothing outside its state, and never looks ahead. It exits with 1 where something is found. list and
show know the custom features of a running Don as well.`,
  examples: [
    'don features list --group book',
    'don features show rsi',
    'don features backfill flow-v1 --instrument simulated:BTCUSDT',
    'don features check features/my-feature.ts --instrument simulated:BTCUSDT --from -1h',
    'don features backfill --feature features/my-feature.ts --instrument simulated:BTCUSDT',
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
        return listAll(work, names, listed, group === undefined || group === 'custom');
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

/** With the custom features of a Don that runs. */
async function listAll(
  { json, print, config }: Work,
  names: readonly string[],
  listed: readonly FeatureDefinition[],
  withCustom: boolean,
): Promise<number> {
  if (names.length > 0) throw new BadInput(`don features list: expected flags only, found ${names.join(' ')}`);
  const custom = withCustom ? await runningCustomFeatures(config) : [];
  if (json) print(JSON.stringify({ items: listed.map(featureJson), custom }));
  else print([listText(listed), ...(custom.length === 0 ? [] : [customListText(custom)])].join('\n\n'));
  return 0;
}

async function showOne({ json, print, config }: Work, names: readonly string[]): Promise<number> {
  const name = only('show', 'NAME', names);
  const known = featureNamed(name);
  const running = known === undefined ? await runningCustomFeatures(config) : [];
  const custom = running.find((status) => status.feature?.name === name);
  if (custom !== undefined) {
    print(json ? JSON.stringify(custom) : customShowText(custom));
    return 0;
  }
  const feature =
    known ??
    refuseFeature(
      name,
      running.flatMap((status) => status.feature?.name ?? []),
    );
  print(json ? JSON.stringify(featureJson(feature)) : showText(feature));
  return 0;
}

async function checkFiles({ values, json, print, say, servers }: Work, files: readonly string[]): Promise<number> {
  if (files.length === 0) throw new BadInput('don features check: expected at least one FILE, found none');
  const flags = recordedFlags(values);
  const isOnRecording = Object.values(flags).some((flag) => flag !== undefined);
  const span = isOnRecording ? await chooseSpan((await servers('redis')).redisUrl, flags) : undefined;
  const reports: CheckReport[] = [];
  for (const file of files) {
    say(`checking ${file}`);
    reports.push(await checkFile(file, { span }));
  }
  print(json ? JSON.stringify({ items: reports }) : reports.map(checkText).join('\n\n'));
  return reports.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

function recordedFlags({ instrument, recording, from, to }: Work['values']): RecordedFlags {
  const nowUs = Date.now() * 1_000;
  const timeOf = (flag: 'from' | 'to', text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseTimeFlag(flag, text, nowUs).timeUs;
  return { instrument, recording, fromUs: timeOf('from', from), toUs: timeOf('to', to) };
}

async function fillCustom(work: Work, file: string, names: readonly string[]): Promise<number> {
  if (names.length > 0) throw new BadInput(`--feature: expected it in place of SET, found ${names.join(' ')} too`);
  const filled = await fillCustomFeature(work, file, recordedFlags(work.values));
  if (typeof filled === 'number') return filled;
  work.print(work.json ? JSON.stringify({ items: filled }) : fillText(filled));
  return 0;
}

async function fill(context: Work, names: readonly string[]): Promise<number> {
  const { values, json, print, say, signal, servers } = context;
  if (values.feature !== undefined) return fillCustom(context, values.feature, names);
  const set = checkSet(only('backfill', 'SET', names));
  const workers = checkWorkers(values.workers);
  const { fromUs: from, toUs: to } = recordedFlags(values);
  const urls = await servers('redis', 'questdb');
  const { instrument, recording } = await chooseRecorded(urls.redisUrl, values);
  const data = { instrument, set: set.id, other: values.other, recording, from, to, workers };
  const work = { kind: 'features-backfill', data, isDetached: values.detach };
  const followed = await workJob({ json, print, say, signal }, urls, work);
  if ('exit' in followed) return followed.exit;
  const { items } = followed.job.result as { readonly items: readonly BackfillReport[] };
  print(json ? JSON.stringify({ items }) : backfillText(items));
  return 0;
}

async function chooseRecorded(redisUrl: string, values: Work['values']) {
  const redis = await connectRedis(redisUrl);
  try {
    const instrument = await chooseInstrument(redis, values.instrument);
    if (values.recording === undefined) return { instrument, recording: undefined };
    return { instrument, recording: await chooseRecording(redis, instrument, values.recording, undefined) };
  } finally {
    redis.disconnect();
  }
}

function only(action: Action, what: string, names: readonly string[]): string {
  const [name, ...others] = names;
  if (name !== undefined && others.length === 0) return name;
  throw new BadInput(`don features ${action}: expected one ${what}, found ${names.join(' ') || 'none'}`);
}

function refuseFeature(name: string, custom: readonly string[]): never {
  const names = [...CATALOGUE.map((feature) => feature.name), ...custom];
  return refuse('don features show', 'a name of don features list', name, names);
}

function checkSet(id: string): FeatureSet {
  const ids = AVAILABLE_SETS.map((set) => set.id);
  const found = AVAILABLE_SETS.find((set) => set.id === id);
  return found ?? refuse('don features backfill', ids.join(', '), id, ids);
}

function checkWorkers(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
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
