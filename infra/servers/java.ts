import { join } from 'node:path';
import { SetupError } from '../setup-error.ts';
import { unpackDebianPackage, unpackedEnv } from './debian-packages.ts';
import { findOnPath, foldersIn, parseVersion, versionText } from './find-program.ts';
import type { Log } from './private-server.ts';

export interface Java {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

const OLDEST_MAJOR = 17;
const PACKAGE = 'openjdk-17-jre-headless';

/** Java 17 or newer by JAVA_HOME or on PATH. */
export function installedJava(): Java | undefined {
  const home = process.env['JAVA_HOME'];
  return [...(home ? [join(home, 'bin', 'java')] : []), findOnPath('java') ?? []]
    .flat()
    .map((path) => ({ path, env: {} }))
    .find(runs);
}

/** Java 17 out of Debian's package, below the tools folder. */
export async function privateJava(tools: string, log: Log): Promise<Java> {
  const root = await unpackDebianPackage(tools, PACKAGE, log);
  const machines = join(root, 'usr', 'lib', 'jvm');
  const java = foldersIn(machines)
    .map((name) => ({ path: join(machines, name, 'bin', 'java'), env: unpackedEnv(root) }))
    .find(runs);
  if (java === undefined) {
    throw new SetupError(
      `The Java in ${root} does not run here. Install Java 17 (Debian: apt-get install ${PACKAGE}) and start again.`,
    );
  }
  return java;
}

function runs({ path, env }: Java): boolean {
  const found = parseVersion(versionText(path, ['-version'], env), /version "(\d[\d.]*)/);
  return found !== undefined && found.major >= OLDEST_MAJOR;
}
