import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withFileLock } from '../file-lock.ts';
import { SetupError } from '../setup-error.ts';
import type { Maven } from './maven.ts';
import type { Log } from './private-server.ts';
import { runProgram } from './run-program.ts';

// The newest that runs on Java 17; later ones need Java 25.
export const QUESTDB_VERSION = '9.3.4';
const SHA256 = '939bc53ab22f93dbaa6545143a6e7c536d4904c07b7f2d381e8eef10436be062';
const FILE = `questdb-${QUESTDB_VERSION}.jar`;

/** The jar below the tools folder, or in the user's own Maven repository; undefined where there is none. */
export function findJar(tools: string): string | undefined {
  const path = jarPath(tools);
  // Checked when it was fetched and moved here whole.
  if (existsSync(path)) return path;
  const local = join(homedir(), '.m2', 'repository', 'org', 'questdb', 'questdb', QUESTDB_VERSION, FILE);
  return existsSync(local) && sha256(local) === SHA256 ? local : undefined;
}

/** Fetches the jar through Maven and checks it. */
export async function fetchJar(tools: string, maven: Maven, log: Log): Promise<string> {
  return withFileLock(join(tools, 'questdb.lock'), async () => {
    const found = findJar(tools);
    if (found !== undefined) return found;
    log(`QuestDB: fetching version ${QUESTDB_VERSION} through Maven (30 MB, once)`);
    const partial = join(tools, 'questdb.partial');
    mkdirSync(partial, { recursive: true });
    const repository = join(tools, 'questdb.repository.partial');
    const goal = [
      '-q',
      '-B',
      'dependency:copy',
      `-Dartifact=org.questdb:questdb:${QUESTDB_VERSION}`,
      `-DoutputDirectory=${partial}`,
      '-Dtransitive=false',
      '-Dmdep.overWriteReleases=true',
      `-Dmaven.repo.local=${repository}`,
    ];
    const { output } = await runProgram(maven.command, [...maven.args, ...goal], { env: maven.env, cwd: tools });
    const fetched = join(partial, FILE);
    if (!existsSync(fetched)) {
      throw new SetupError(
        `Maven could not fetch QuestDB ${QUESTDB_VERSION}: ${output.trim().split('\n').slice(0, 3).join(' · ')}. Check the network and the disk, or set DON_QUESTDB_URL and DON_QUESTDB_PG_URL, and start again.`,
      );
    }
    const digest = sha256(fetched);
    if (digest !== SHA256) {
      rmSync(partial, { recursive: true, force: true });
      throw new SetupError(
        `The fetched ${FILE} is not the one Don knows: expected SHA-256 ${SHA256}, found ${digest}. It was removed; start again.`,
      );
    }
    mkdirSync(join(tools, 'questdb'), { recursive: true });
    renameSync(fetched, jarPath(tools));
    for (const folder of [partial, repository]) rmSync(folder, { recursive: true, force: true });
    return jarPath(tools);
  });
}

function jarPath(tools: string): string {
  return join(tools, 'questdb', FILE);
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
