import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { donHome, REPOSITORY, readIfThere } from './home.ts';
import { nearestName } from './nearest-name.ts';
import { BadInput } from './setup-error.ts';

const INSTRUMENT = /^(simulated|binance-usdm|binance-usdm-testnet|binance-spot):[^\s:,{}]+$/u;
const instrument = z
  .string()
  .regex(INSTRUMENT, 'expected venue:SYMBOL such as simulated:BTCUSDT or binance-usdm:BTCUSDT');
/** Two instruments with a slash between. */
const PAIR = /^[^/]+\/[^/]+$/;
const EXPECTED_PAIR = 'expected two instruments such as simulated:ETHUSDT/simulated:BTCUSDT';
/** In UTC, or `off`. */
const TIME_OF_DAY = /^(([01]\d|2[0-3]):[0-5]\d|off)$/;
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );

/** What the switch of live trading must say. */
export const LIVE_SWITCH = 'yes-with-real-money';

const schema = z.object({
  /** Where the API and the dashboard listen, on 127.0.0.1. */
  port: z.coerce
    .number('expected a port from 1 to 65535')
    .int('expected a port from 1 to 65535')
    .min(1, 'expected a port from 1 to 65535')
    .max(65_535, 'expected a port from 1 to 65535')
    .optional(),
  venue: z.enum(['simulated', 'binance'], 'expected simulated or binance').optional(),
  instruments: z.array(instrument).min(1, 'expected at least one instrument').optional(),
  redisUrl: url('redis:', 'rediss:').optional(),
  questdbUrl: url('http:', 'https:').optional(),
  questdbPgUrl: url('postgres:', 'postgresql:').optional(),
  postgresUrl: url('postgres:', 'postgresql:').optional(),
  /** Feature sets that are derived of every recording, `name-v1`. */
  featureSets: z.array(z.string()).min(1, 'expected at least one feature set').optional(),
  /** When everything is verified each day: `03:00` UTC, or `off`. */
  verifyAt: z
    .string('expected a time of day in UTC such as 03:00, or off')
    .regex(TIME_OF_DAY, 'expected a time of day in UTC such as 03:00, or off')
    .optional(),
  /** What follows where a model that trades has drifted: it is told, or the model is demoted and its account halted too. */
  onDrift: z.enum(['tell', 'demote'], 'expected tell or demote').optional(),
  /** Instruments beside others, of which the sets of two are derived: `simulated:ETHUSDT/simulated:BTCUSDT`. */
  pairs: z.array(z.string().regex(PAIR, EXPECTED_PAIR)).min(1, EXPECTED_PAIR).optional(),
  /** Strategy that a first start trades with on paper: a name, a file, or `off`. */
  paper: z
    .string('expected the name of a strategy, or off')
    .min(1, 'expected the name of a strategy, or off')
    .optional(),
  /** `yes-with-real-money`: sessions may trade live. Each needs a confirmation of its own beside it. */
  live: z.enum(['off', LIVE_SWITCH], `expected ${LIVE_SWITCH}, or off`).optional(),
  /** Where the files of custom features lie. */
  featureFolder: z.string('expected the path of a folder').min(1, 'expected the path of a folder').optional(),
});
type Settings = z.infer<typeof schema>;
type Key = keyof Settings;

/** Each setting in the environment. */
const VARIABLES: Readonly<Record<Key, string>> = {
  port: 'DON_PORT',
  venue: 'DON_VENUE',
  instruments: 'DON_INSTRUMENTS',
  redisUrl: 'DON_REDIS_URL',
  questdbUrl: 'DON_QUESTDB_URL',
  questdbPgUrl: 'DON_QUESTDB_PG_URL',
  postgresUrl: 'DON_POSTGRES_URL',
  featureSets: 'DON_FEATURE_SETS',
  featureFolder: 'DON_FEATURE_FOLDER',
  pairs: 'DON_PAIRS',
  verifyAt: 'DON_VERIFY_AT',
  onDrift: 'DON_ON_DRIFT',
  paper: 'DON_PAPER',
  live: 'DON_LIVE',
};
/** Settings that are lists, with commas between where they are texts. */
const LISTS: ReadonlySet<Key> = new Set(['instruments', 'featureSets', 'pairs']);
const FILES = ['don.config.ts', 'don.config.json'];
const DEFAULT_INSTRUMENTS = {
  simulated: ['simulated:BTCUSDT', 'simulated:ETHUSDT'],
  binance: ['binance-usdm:BTCUSDT', 'binance-usdm:ETHUSDT'],
} as const;
export const DEFAULT_PORT = 4000;
const DEFAULT_VERIFY_AT = '03:00';
/** What moves in the demonstration. On a real market nothing trades, not even on paper, that nobody has asked for. */
const DEFAULT_PAPER = { simulated: 'market-maker', binance: 'off' } as const;

export interface Config {
  readonly home: string;
  readonly port: number;
  readonly venue: 'simulated' | 'binance';
  readonly instruments: readonly string[];
  readonly redisUrl: string | undefined;
  readonly questdbUrl: string | undefined;
  readonly questdbPgUrl: string | undefined;
  readonly postgresUrl: string | undefined;
  /** undefined: those that are derived where none are said. */
  readonly featureSets: readonly string[] | undefined;
  /** Instruments beside others: two of `instruments` each. */
  readonly pairs: readonly InstrumentPair[];
  /** Absolute; undefined: there are no custom features. */
  readonly featureFolder: string | undefined;
  /** `03:00`, in UTC, or `off`. */
  readonly verifyAt: string;
  /** Whether a model that has drifted is demoted too, and its account halted. */
  readonly onDrift: 'tell' | 'demote';
  /** A strategy's name or file, or `off`. */
  readonly paper: string;
  /** Whether sessions may trade with real money. */
  readonly live: boolean;
}

/** An instrument beside another one. */
export interface InstrumentPair {
  readonly instrument: string;
  readonly other: string;
}

export interface ConfigSources {
  readonly env?: NodeJS.ProcessEnv;
  /** Where don.config.ts or .json is looked for. */
  readonly folder?: string;
  /** From the command line, as text; they win. */
  readonly flags?: Readonly<Partial<Record<Key, string>>>;
}

/**
 * The settings: flag over environment over file over default.
 * @throws BadInput naming the setting, where it was set, what was expected and what was found.
 */
export async function readConfig({
  env = process.env,
  folder = process.cwd(),
  flags = {},
}: ConfigSources = {}): Promise<Config> {
  const layers = [
    await readFileLayer(folder),
    readTexts(
      env,
      (key) => VARIABLES[key],
      (key) => VARIABLES[key],
    ),
    readTexts(
      flags,
      (key) => key,
      (key) => `--${key}`,
    ),
  ];
  const settings: Settings = Object.assign({}, ...layers);
  const venue = settings.venue ?? 'simulated';
  const instruments = settings.instruments ?? DEFAULT_INSTRUMENTS[venue];
  const foreign = instruments.find((name) => name.startsWith('simulated:') !== (venue === 'simulated'));
  if (foreign !== undefined) {
    throw new BadInput(
      `instruments: expected ones of the venue ${venue} (${DEFAULT_INSTRUMENTS[venue].join(', ')}), found ${foreign}. Correct DON_INSTRUMENTS, or set DON_VENUE=${venue === 'simulated' ? 'binance' : 'simulated'}.`,
    );
  }
  return {
    home: donHome(env),
    port: settings.port ?? DEFAULT_PORT,
    venue,
    instruments: [...new Set(instruments)],
    redisUrl: settings.redisUrl,
    questdbUrl: settings.questdbUrl,
    questdbPgUrl: settings.questdbPgUrl,
    postgresUrl: settings.postgresUrl,
    featureSets: settings.featureSets === undefined ? undefined : [...new Set(settings.featureSets)],
    pairs: [...new Set(settings.pairs ?? [])].map((pair) => readPair(pair, instruments)),
    featureFolder: settings.featureFolder === undefined ? undefined : resolve(folder, settings.featureFolder),
    verifyAt: settings.verifyAt ?? DEFAULT_VERIFY_AT,
    onDrift: settings.onDrift ?? 'tell',
    paper: settings.paper ?? DEFAULT_PAPER[venue],
    live: settings.live === LIVE_SWITCH,
  };
}

function readPair(text: string, instruments: readonly string[]): InstrumentPair {
  const [instrument = '', other = ''] = text.split('/');
  const unknown = [instrument, other].find((name) => !instruments.includes(name));
  if (unknown !== undefined)
    throw new BadInput(
      `pairs: expected two of the instruments ${instruments.join(', ')}, found ${unknown} in ${text}.`,
    );
  if (instrument === other) throw new BadInput(`pairs: expected two different instruments, found ${text}.`);
  return { instrument, other };
}

function readTexts(
  texts: Readonly<Record<string, string | undefined>>,
  nameOf: (key: Key) => string,
  labelOf: (key: Key) => string,
): Settings {
  const raw: Record<string, unknown> = {};
  for (const key of Object.keys(VARIABLES) as Key[]) {
    const text = texts[nameOf(key)];
    if (!text) continue;
    raw[key] = LISTS.has(key)
      ? text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : text;
  }
  return check(raw, (key) => labelOf(key as Key));
}

async function readFileLayer(folder: string): Promise<Settings> {
  const name =
    FILES.find((file) => existsSync(join(folder, file))) ?? FILES.find((file) => existsSync(join(REPOSITORY, file)));
  if (name === undefined) return {};
  const path = existsSync(join(folder, name)) ? join(folder, name) : join(REPOSITORY, name);
  const raw = await parseFile(path);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new BadInput(`${path}: expected an object of settings, found ${JSON.stringify(raw)}.`);
  }
  for (const key of Object.keys(raw)) {
    if (key in VARIABLES) continue;
    const near = nearestName(key, Object.keys(VARIABLES));
    throw new BadInput(
      `${path}: unknown setting ${JSON.stringify(key)}${near ? `; did you mean ${near}?` : `; known are ${Object.keys(VARIABLES).join(', ')}`}`,
    );
  }
  return check(raw as Record<string, unknown>, (key) => `${path}, ${key}`);
}

async function parseFile(path: string): Promise<unknown> {
  try {
    return path.endsWith('.json')
      ? JSON.parse(readIfThere(path) ?? '')
      : (await import(pathToFileURL(path).href)).default;
  } catch (error) {
    throw new BadInput(
      `${path} could not be read: ${error instanceof Error ? error.message : error}. Correct it, or remove it to use the defaults.`,
    );
  }
}

function check(raw: Record<string, unknown>, label: (key: string) => string): Settings {
  const { success, data, error } = schema.safeParse(raw);
  if (success) return data;
  const issue = error.issues[0]!;
  const [key, ...path] = issue.path;
  const found = [key!, ...path].reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown>)?.[part], raw);
  throw new BadInput(`${label(String(key))}: ${issue.message}, found ${JSON.stringify(found)}.`);
}
