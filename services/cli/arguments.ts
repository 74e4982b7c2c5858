import { parseArgs } from 'node:util';
import { nearestName } from '../../infra/nearest-name.ts';
import { BadInput } from '../../infra/setup-error.ts';
import type { Command, Options, Values } from './command.ts';

/** Flags that every command has. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', help: 'JSON on stdout and nothing else' },
  help: { type: 'boolean', short: 'h', help: 'this help' },
} as const satisfies Options;

export interface Arguments {
  readonly positionals: readonly string[];
  readonly values: Values<Options>;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws BadInput naming the flag and the nearest known one. */
export function readArguments(name: string, { options }: Pick<Command, 'options'>, args: readonly string[]): Arguments {
  const specs: Options = { ...options, ...COMMON_OPTIONS };
  const known = Object.fromEntries(
    Object.entries(specs).map(([flag, { type, short, multiple }]) => [
      flag,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  checkFlags(name, Object.keys(specs), args);
  try {
    const { values, positionals } = parseArgs({
      args: joinNegativeValues(specs, args),
      options: known,
      allowPositionals: true,
      strict: true,
    });
    const filled = Object.fromEntries(
      Object.entries(specs).map(([flag, spec]) => [flag, values[flag] ?? fallback(spec)]),
    );
    return {
      positionals,
      values: filled as Values<Options>,
      json: values['json'] === true,
      help: values['help'] === true,
    };
  } catch (error) {
    const text = error instanceof Error ? error.message.split(/\. (?:To|Did)/)[0] : String(error);
    throw new BadInput(`don ${name}: ${text}; see don ${name} --help`);
  }
}

/** A flag's value may begin with a dash (`--from -15m`), which parseArgs takes only as `--from=-15m`. */
function joinNegativeValues(specs: Options, args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    const next = args[i + 1];
    const takesValue = argument.startsWith('--') && specs[argument.slice(2)]?.type === 'string';
    if (takesValue && next !== undefined && /^-\d/.test(next)) {
      joined.push(`${argument}=${next}`);
      i++;
    } else joined.push(argument);
  }
  return joined;
}

function checkFlags(name: string, known: readonly string[], args: readonly string[]): void {
  for (const argument of args) {
    if (argument === '--') return;
    const flag = /^--([^=]+)/.exec(argument)?.[1];
    if (flag === undefined || known.includes(flag)) continue;
    const near = nearestName(flag, known);
    throw new BadInput(
      `don ${name}: unknown flag --${flag}${near ? `; did you mean --${near}?` : `; see don ${name} --help`}`,
    );
  }
}

function fallback({ type, multiple, default: value }: Options[string]): unknown {
  return value ?? (multiple ? [] : type === 'boolean' ? false : undefined);
}
