import { join } from 'node:path';
import { makePrivateFolder, secret, toolsFolder, writeWhole } from '../home.ts';
import { questdbQuery } from '../questdb.ts';
import { ServerUnreachable, SetupError } from '../setup-error.ts';
import { hasDebianPackages } from './debian-packages.ts';
import { containerCommand, dockerProgram, dockerWithEngine } from './docker.ts';
import { installedJava, privateJava } from './java.ts';
import { installedMaven, privateMaven } from './maven.ts';
import type { Command, Log, Ports, Program, ServerSpec } from './private-server.ts';
import { fetchJar, findJar, QUESTDB_VERSION } from './questdb-jar.ts';

const IMAGE = `questdb/questdb:${QUESTDB_VERSION}`;
const HTTP_PORT_IN_CONTAINER = 9000;
const PG_PORT_IN_CONTAINER = 8812;
const HEAP_MAX = '512m';
const USER = 'don';

export function questdbUrls(home: string, ports: Ports): { questdbUrl: string; questdbPgUrl: string } {
  const user = `${USER}:${secret(home, 'questdb-password')}`;
  return {
    questdbUrl: `http://${user}@127.0.0.1:${ports['http']}`,
    questdbPgUrl: `postgres://${user}@127.0.0.1:${ports['pg']}/qdb`,
  };
}

/** QuestDB of this home: HTTP and PostgreSQL protocol with a password, loopback only, heap bounded. */
export function questdbServer(home: string, log: Log): ServerSpec {
  const folder = join(home, 'data', 'questdb');
  return {
    name: 'questdb',
    label: 'QuestDB',
    portNames: ['http', 'pg'],
    marks: ['io.questdb/io.questdb.ServerMain', folder],
    stopSignals: ['SIGTERM'],
    // It gives way to others: where they take the processors its start lasts minutes.
    readyWithinMs: 300_000,
    // Its threads hold up what goes from the venue to a client by tens of milliseconds otherwise.
    isBackground: true,
    locate: () => locate(home, log),
    prepare: async (program, ports) => prepare(home, folder, program, ports),
    answers: (ports) => answers(home, ports),
  };
}

/** The program's path is the jar; its `JAVA` is what runs it. */
async function locate(home: string, log: Log): Promise<Program> {
  const tools = toolsFolder(home);
  const jar = findJar(tools);
  const java = installedJava();
  const maven = jar === undefined ? installedMaven() : undefined;
  if (java !== undefined && (jar !== undefined || maven !== undefined)) {
    return jarProgram(jar ?? (await fetchJar(tools, maven!, log)), java, 'installed');
  }
  const docker = dockerWithEngine();
  if (docker !== undefined) return dockerProgram(docker, IMAGE, QUESTDB_VERSION, log);
  if (!hasDebianPackages()) {
    throw new SetupError(
      'QuestDB needs Java 17 or newer, and Maven to fetch it, and this machine lacks one of them. Install both (macOS: brew install openjdk@17 maven), or start Docker, or set DON_QUESTDB_URL and DON_QUESTDB_PG_URL to a QuestDB of your own, and start again.',
    );
  }
  const itsJava = java ?? (await privateJava(tools, log));
  return jarProgram(
    jar ?? (await fetchJar(tools, maven ?? (await privateMaven(tools, itsJava, log)), log)),
    itsJava,
    'debian',
  );
}

function jarProgram(
  jar: string,
  java: { path: string; env: Readonly<Record<string, string>> },
  source: 'installed' | 'debian',
): Program {
  return { source, version: QUESTDB_VERSION, path: jar, env: { ...java.env, DON_JAVA: java.path } };
}

function prepare(home: string, folder: string, program: Program, ports: Ports): Command {
  const inContainer = program.source === 'docker';
  const address = inContainer ? '0.0.0.0' : '127.0.0.1';
  const [http, pg] = inContainer ? [HTTP_PORT_IN_CONTAINER, PG_PORT_IN_CONTAINER] : [ports['http'], ports['pg']];
  const password = secret(home, 'questdb-password');
  const settings = {
    'http.bind.to': `${address}:${http}`,
    'http.user': USER,
    'http.password': password,
    'pg.net.bind.to': `${address}:${pg}`,
    'pg.user': USER,
    'pg.password': password,
    'http.min.enabled': 'false',
    'line.tcp.enabled': 'false',
    'line.udp.enabled': 'false',
    'telemetry.enabled': 'false',
    // Tables are made by infra/questdb/tables.ts only: a misspelt column is an error, not a new column.
    'line.auto.create.new.tables': 'false',
    'line.auto.create.new.columns': 'false',
    ...sleepyWorkers(),
  };
  const configuration = makePrivateFolder(join(folder, 'conf'));
  writeWhole(join(configuration, 'server.conf'), toProperties(settings));
  // Every query at level INFO would fill the disk.
  const logging = {
    writers: 'stdout',
    'w.stdout.class': 'io.questdb.log.LogConsoleWriter',
    'w.stdout.level': 'ADVISORY,CRITICAL,ERROR',
  };
  writeWhole(join(configuration, 'log.conf'), toProperties(logging));
  if (inContainer) {
    return containerCommand(program.path, {
      image: IMAGE,
      name: 'questdb',
      home,
      ports: [
        [ports['http']!, HTTP_PORT_IN_CONTAINER],
        [ports['pg']!, PG_PORT_IN_CONTAINER],
      ],
      volumes: [[folder, '/var/lib/questdb']],
      env: { JAVA_OPTS: `-Xmx${HEAP_MAX}` },
    });
  }
  const { DON_JAVA: java, ...env } = program.env;
  const args = [
    `-Xmx${HEAP_MAX}`,
    '-XX:+ExitOnOutOfMemoryError',
    `-XX:ErrorFile=${join(home, 'logs', 'questdb-crash.log')}`,
    '-Duser.timezone=UTC',
  ];
  return {
    command: java!,
    args: [...args, '-p', program.path, '-m', 'io.questdb/io.questdb.ServerMain', '-d', folder],
    env,
    cwd: folder,
  };
}

/**
 * Workers that go to sleep soon after their last work: by default each spins for thousands of turns first, which at a
 * commit a second is a tenth of a processor. Those that Don has no use for sleep longer.
 */
function sleepyWorkers(): Record<string, string> {
  const sleepMs = { shared: 10, 'wal.apply': 10, 'mat.view.refresh': 200, 'view.compiler': 200, export: 200 };
  return Object.fromEntries(
    Object.entries(sleepMs).flatMap(([pool, timeout]) => [
      [`${pool}.worker.yield.threshold`, '1'],
      [`${pool}.worker.nap.threshold`, '10'],
      [`${pool}.worker.sleep.threshold`, '20'],
      [`${pool}.worker.sleep.timeout`, String(timeout)],
    ]),
  );
}

function toProperties(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** One that has just begun is slow to answer on a busy machine; one that has ended refuses at once. */
const ANSWER_MS = 10_000;

async function answers(home: string, ports: Ports): Promise<boolean> {
  const { questdbUrl } = questdbUrls(home, ports);
  try {
    await questdbQuery(questdbUrl, 'SELECT 1', ANSWER_MS);
    return true;
  } catch (error) {
    if (error instanceof ServerUnreachable && /refuses the user/.test(error.message)) throw error;
    return false;
  }
}
