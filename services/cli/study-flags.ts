import { BadInput } from '../../infra/setup-error.ts';
import { QUEUE_MODELS } from '../../operators/matching/queue-model.ts';
import { SEARCHES } from '../../operators/search/searches.ts';
import type { Values } from './command.ts';
import { type EXTENT_OPTIONS, readBounds } from './extent-options.ts';
import { RISK_OPTION, readRiskPairs } from './risk-option.ts';
import { readSet } from './set-option.ts';

const USUAL_SEARCH = 'tpe';

/** Flags that say what a study is; where one is not given, the study's file or the default holds. */
export const STUDY_OPTIONS = {
  vary: {
    type: 'string',
    multiple: true,
    value: 'NAME=FROM:TO[:STEP][:log]',
    help: 'a range to search; whole numbers have step 1, log searches by ratios',
  },
  set: { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'a parameter that stays as it is' },
  search: {
    type: 'string',
    value: 'S',
    help: `${SEARCHES.map(({ name }) => name).join(', ')}; ${USUAL_SEARCH} where not said`,
  },
  trials: { type: 'string', value: 'N', help: 'at most, in each window; 100 where not said' },
  objective: {
    type: 'string',
    value: 'A,B',
    help: 'what is searched for, and what else is told; sharpe where not said',
  },
  train: { type: 'string', value: 'L', help: 'length of a training span, such as 30d; without it the data decide' },
  test: { type: 'string', value: 'L', help: 'length of a test span; windows are so far apart' },
  purge: { type: 'string', value: 'L', help: 'left out at the end of training: how long what is decided stays open' },
  embargo: { type: 'string', value: 'L', help: 'left out besides, before the test' },
  anchored: { type: 'boolean', help: 'all training spans begin at the beginning, and grow' },
  seed: { type: 'string', value: 'N', help: 'of the search, and of what runs leave to chance; 1 where not said' },
  workers: { type: 'string', value: 'N', help: 'threads; without it one a processor' },
  balance: { type: 'string', value: 'N', help: 'what each span begins with, in the quote asset; 10000 where not said' },
  leverage: { type: 'string', value: 'N', help: 'leverage of the instrument; 5 where not said' },
  'fee-tier': { type: 'string', value: 'N', help: 'VIP level of the account; 0 where not said' },
  queue: { type: 'string', value: 'NAME', help: `queue model: ${Object.keys(QUEUE_MODELS).join(', ')}` },
  latency: { type: 'string', value: 'MS,MS[,σ]', help: 'to the exchange and back; 5,5 where not said' },
  ...RISK_OPTION,
  out: { type: 'string', value: 'FILE', help: 'writes the report as JSON' },
  report: { type: 'string', value: 'FILE', help: 'writes the report as a page of its own' },
  detach: { type: 'boolean', help: 'print the id of the job, and do not wait for it' },
} as const;

type Flags = Values<typeof STUDY_OPTIONS> & Values<typeof EXTENT_OPTIONS>;

const NUMBERS = ['trials', 'seed', 'workers', 'balance', 'leverage'] as const;
const TEXTS = ['instrument', 'recording', 'search', 'train', 'test', 'purge', 'embargo', 'queue', 'latency'] as const;

/**
 * What the flags say of a study, as its file would: only what was given. Values are checked with the study.
 * @throws BadInput where a flag cannot be read
 */
export function specOfFlags(flags: Flags): Readonly<Record<string, unknown>> {
  const { from, to } = readBounds(flags);
  const said: Record<string, unknown> = {
    ...Object.fromEntries(TEXTS.map((name) => [name, flags[name]])),
    ...Object.fromEntries(NUMBERS.map((name) => [name, numberOr(flags[name])])),
    feeTier: numberOr(flags['fee-tier']),
    from: from?.timeUs,
    to: to?.timeUs,
    objectives: flags.objective?.split(',').map((name) => name.trim()),
    anchored: flags.anchored || undefined,
    vary: flags.vary.length === 0 ? undefined : Object.fromEntries(flags.vary.map(readRange)),
    set: flags.set.length === 0 ? undefined : readSet(flags.set),
    limits: flags.risk.length === 0 ? undefined : readRiskPairs(flags.risk),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/** A text that is no number stays one, so that it can be shown as what was found. */
function numberOr(text: string | undefined): number | string | undefined {
  return text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

function readRange(text: string): [name: string, range: object] {
  const [, name, ends = ''] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const parts = ends.split(':');
  const isLog = parts.at(-1) === 'log';
  const numbers = (isLog ? parts.slice(0, -1) : parts).map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [from, to, step] = numbers;
  if (name === undefined || numbers.length < 2 || numbers.length > 3 || numbers.some(Number.isNaN))
    throw new BadInput(`--vary: expected NAME=FROM:TO[:STEP][:log] such as fast=5:50:5, found ${text}`);
  return [name, { from, to, ...(step === undefined ? {} : { step }), ...(isLog ? { log: true } : {}) }];
}
