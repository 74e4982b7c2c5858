import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../infra/config.ts';
import { REPOSITORY } from '../../infra/home.ts';
import { nearestName } from '../../infra/nearest-name.ts';
import { ensureServers, runningServers, type ServerUrls } from '../../infra/servers/servers.ts';
import { BadInput, ServerUnreachable, SetupError } from '../../infra/setup-error.ts';
import { readArguments } from './arguments.ts';
import type { Command, ListedCommand } from './command.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, overview } from './help.ts';

export const EXIT = { done: 0, failed: 1, badUsage: 2, unreachable: 3, interrupted: 130 } as const;
/** How long a command may take to leave nothing half done after Ctrl-C. */
const INTERRUPT_GRACE_MS = 20_000;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest[0] === undefined)) {
    print(overview(COMMANDS));
    return name === undefined ? EXIT.badUsage : EXIT.done;
  }
  if (name === '--version' || name === '-v') {
    print(JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')).version);
    return EXIT.done;
  }
  return name === 'help' ? runCommand(findCommand(rest[0]!), ['--help']) : runCommand(findCommand(name), rest);
}

function findCommand(name: string): ListedCommand {
  const found = COMMANDS.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const near = nearestName(
    name,
    COMMANDS.map((candidate) => candidate.name),
  );
  throw new BadInput(
    `unknown command ${JSON.stringify(name)}${near ? `; did you mean don ${near}?` : '; see don --help'}`,
  );
}

async function runCommand(listed: ListedCommand, args: readonly string[]): Promise<number> {
  const command = (await listed.load()).default as Command;
  const { values, positionals, json, help } = readArguments(listed.name, command, args);
  if (help) {
    print(commandHelp(listed, command));
    return EXIT.done;
  }
  const config = await readConfig();
  const signal = interruption();
  const servers = async (
    ...want: Parameters<Command['run']>[0] extends { servers: (...want: infer Want) => unknown } ? Want : never
  ) => {
    const { home } = config;
    const before = runningServers(home);
    const urls = await ensureServers({ home, want, log: say, env: environmentOf(config) });
    const isStarted = runningServers(home).length > before.length;
    if (isStarted && listed.name !== 'start') say('What was started stays up; don stop ends it.');
    return urls as Required<ServerUrls>;
  };
  const status = await command.run({ values, positionals, config, json, signal, print, say, servers });
  return signal.aborted && listed.name !== 'start' ? EXIT.interrupted : (status ?? EXIT.done);
}

/** A URL may also come from don.config; the servers read it from the environment. */
function environmentOf({
  redisUrl,
  questdbUrl,
  questdbPgUrl,
  postgresUrl,
}: Awaited<ReturnType<typeof readConfig>>): NodeJS.ProcessEnv {
  const urls = {
    DON_REDIS_URL: redisUrl,
    DON_QUESTDB_URL: questdbUrl,
    DON_QUESTDB_PG_URL: questdbPgUrl,
    DON_POSTGRES_URL: postgresUrl,
  };
  return { ...process.env, ...urls };
}

/** Aborted at the first Ctrl-C, SIGTERM, hang-up or loss of the launcher; further ones change nothing. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    setTimeout(() => process.exit(EXIT.interrupted), INTERRUPT_GRACE_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  process.on('disconnect', interrupt);
  return controller.signal;
}

/** The exit status and the words for what went wrong. */
function explain(error: unknown): number {
  if (error instanceof BadInput) {
    say(`don: ${error.message}`);
    return EXIT.badUsage;
  }
  if (error instanceof ServerUnreachable) {
    say(`don: ${error.message}`);
    return EXIT.unreachable;
  }
  if (error instanceof SetupError) say(`don: ${error.message}`);
  else say(`don: ${error instanceof Error ? (process.env['DON_DEBUG'] ? error.stack : error.message) : error}`);
  return EXIT.failed;
}

// Whoever reads our output may stop early: `don export … | head`. What `start` started must be ended all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (process.argv[2] !== 'start') process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed);
});
// A terminal that was closed is no reason to end half-way.
process.stderr.on('error', () => {});
const status = await main(process.argv.slice(2)).catch(explain);
// Output to a pipe may still be on its way; process.exit would cut it.
process.stdout.write('', () => process.exit(status));
