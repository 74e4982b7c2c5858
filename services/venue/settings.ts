import { BadInput } from '../../infra/setup-error.ts';
import { DEMO_ACCOUNT } from './private/credentials.ts';
import type { AccountOptions } from './private/private-side.ts';
import { DEFAULT_SYMBOLS, DEMO_BALANCE_E8 } from './venue.ts';

/** How the venue process is to run. */
export interface VenueSettings {
  readonly port: number;
  readonly seed: number;
  /** `max`: a capture as fast as its reader takes it. */
  readonly pace: number | 'max';
  readonly rate: number | undefined;
  readonly symbols: readonly string[];
  /** Files of a capture; empty: the order-flow model. */
  readonly capture: readonly string[];
  /** Accounts to begin with. */
  readonly accounts: readonly AccountOptions[];
}

/** Flag → environment variable; a flag wins. */
const NAMES = {
  port: 'DON_VENUE_PORT',
  seed: 'DON_VENUE_SEED',
  pace: 'DON_VENUE_PACE',
  rate: 'DON_VENUE_RATE',
  symbols: 'DON_VENUE_SYMBOLS',
  capture: 'DON_VENUE_CAPTURE',
  accounts: 'DON_VENUE_ACCOUNTS',
} as const;
type Name = keyof typeof NAMES;

/** @throws BadInput naming the setting, what it must be and what it was. */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): VenueSettings {
  const flags = readFlags(args);
  const value = (name: Name): { text: string | undefined; label: string } => {
    const flag = flags.get(name);
    if (flag !== undefined) return { text: flag, label: `--${name}` };
    const variable = env[NAMES[name]];
    return { text: variable === '' ? undefined : variable, label: NAMES[name] };
  };
  const paceText = value('pace').text;
  const capture = list(value('capture').text);
  if (paceText === 'max' && capture.length === 0) {
    throw new BadInput(`${value('pace').label}: max is for a capture; the model takes a number such as 10`);
  }
  return {
    port: integer(value('port'), 0, 0, 65_535),
    seed: integer(value('seed'), 1, 0, 4_294_967_295),
    pace: paceText === 'max' ? 'max' : (positive(value('pace'), 1_000) ?? 1),
    rate: positive(value('rate'), 100_000),
    symbols: value('symbols').text === undefined ? DEFAULT_SYMBOLS : list(value('symbols').text),
    capture,
    accounts: accounts(value('accounts')),
  };
}

function readFlags(args: readonly string[]): ReadonlyMap<Name, string> {
  const flags = new Map<Name, string>();
  for (let i = 0; i < args.length; i++) {
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/.exec(args[i] as string) ?? [];
    if (name === undefined || !(name in NAMES)) {
      const known = Object.keys(NAMES).map((each) => `--${each}`);
      throw new BadInput(`${args[i]}: unknown argument; known are ${known.join(', ')}`);
    }
    const text = inline ?? args[++i];
    if (text === undefined) throw new BadInput(`--${name}: needs a value`);
    flags.set(name as Name, text);
  }
  return flags;
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `name:balance` in USDT, comma-separated. */
function accounts({ text, label }: Value): readonly AccountOptions[] {
  if (text === undefined) return [{ name: DEMO_ACCOUNT, balanceE8: DEMO_BALANCE_E8 }];
  const names = new Set<string>();
  return list(text).map((part) => {
    const [, name, balance] = /^([A-Za-z0-9_-]{1,32}):(\d{1,7}(?:\.\d{1,8})?)$/.exec(part) ?? [];
    if (name === undefined || names.has(name)) {
      throw new BadInput(
        `${label}: must be different names with balances in USDT such as demo:10000, was ${JSON.stringify(part)}`,
      );
    }
    names.add(name);
    return { name, balanceE8: Math.round(Number(balance) * 1e8) };
  });
}

interface Value {
  readonly text: string | undefined;
  readonly label: string;
}

function integer({ text, label }: Value, ordinary: number, least: number, most: number): number {
  if (text === undefined) return ordinary;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new BadInput(`${label}: must be an integer from ${least} to ${most}, was ${JSON.stringify(text)}`);
  }
  return number;
}

function positive({ text, label }: Value, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !(number > 0) || number > most) {
    throw new BadInput(`${label}: must be a number above 0 and at most ${most}, was ${JSON.stringify(text)}`);
  }
  return number;
}
