import type { Config } from '../../infra/config.ts';
import type { ServerName, ServerUrls } from '../../infra/servers/servers.ts';

/** A flag: as node:util's parseArgs has it, with what `--help` says of it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean;
  /** What stands for the value in the help: `--levels N`. */
  readonly value?: string;
  readonly help: string;
}
export type Options = Readonly<Record<string, Option>>;

type Value<Spec extends Option> = Spec['type'] extends 'boolean'
  ? boolean
  : Spec extends { readonly multiple: true }
    ? readonly string[]
    : Spec extends { readonly default: string }
      ? string
      : string | undefined;
/** The flags as they were given; a boolean that was not is false, a list that was not is empty. */
export type Values<Specs extends Options> = { readonly [Name in keyof Specs]: Value<Specs[Name]> };

export interface Context {
  readonly positionals: readonly string[];
  readonly config: Config;
  /** Whether stdout is to hold JSON and nothing else. */
  readonly json: boolean;
  /** Aborted by Ctrl-C or SIGTERM: stop soon, leave nothing half done. */
  readonly signal: AbortSignal;
  /** Writes a line to stdout: results only. */
  readonly print: (line: string) => void;
  /** Writes a line to stderr: progress and what was done on the way. */
  readonly say: (line: string) => void;
  /** URLs of the servers; private ones are started where they do not run, which is said on stderr, and stay up. */
  readonly servers: (...want: ServerName[]) => Promise<Required<ServerUrls>>;
}

/** One command of the command line. */
export interface Command<Specs extends Options = Options> {
  /** What comes after `don `, one line a form: `keys create NAME [--role ROLE]`. */
  readonly usage: readonly string[];
  /** Plain sentences on what it does that the summary does not say. */
  readonly description?: string;
  /** Whole command lines, at least one. */
  readonly examples: readonly string[];
  readonly options: Specs;
  /** @returns the exit status; nothing means 0. Throw BadInput for bad usage, ServerUnreachable for a server that is away. */
  readonly run: (context: Context & { readonly values: Values<Specs> }) => Promise<number | undefined>;
}

/** Checks a command's type, keeping the types of its flags for `run`. */
export function command<const Specs extends Options>(spec: Command<Specs>): Command<Specs> {
  return spec;
}

/** As it stands in the list: loaded only when it is asked for, so that a command starts as fast as its own imports. */
export interface ListedCommand {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: unknown }>;
}
