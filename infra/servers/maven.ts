import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../setup-error.ts';
import { unpackDebianPackage } from './debian-packages.ts';
import { findOnPath, foldersIn } from './find-program.ts';
import type { Java } from './java.ts';
import type { Log } from './private-server.ts';
import { makeTrustStore } from './trust-store.ts';

/** How to run Maven: `command ...args GOAL`. */
export interface Maven {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function installedMaven(): Maven | undefined {
  const command = findOnPath('mvn');
  return command === undefined ? undefined : { command, args: [], env: {} };
}

/** Maven out of Debian's package, below the tools folder, started without its shell script. */
export async function privateMaven(tools: string, java: Java, log: Log): Promise<Maven> {
  const root = await unpackDebianPackage(tools, 'maven', log);
  const home = join(root, 'usr', 'share', 'maven');
  const boot = foldersIn(join(home, 'boot')).find((name) => /^plexus-classworlds.*\.jar$/.test(name));
  if (boot === undefined || !existsSync(join(home, 'bin', 'm2.conf'))) {
    throw new SetupError(
      `The Maven in ${home} is not complete. Install it (Debian: apt-get install maven) and start again.`,
    );
  }
  const trustStore = makeTrustStore(join(tools, 'certificates.jks'));
  const args = [
    `-Djavax.net.ssl.trustStore=${trustStore.path}`,
    `-Djavax.net.ssl.trustStorePassword=${trustStore.password}`,
    '-classpath',
    join(home, 'boot', boot),
    `-Dclassworlds.conf=${join(home, 'bin', 'm2.conf')}`,
    `-Dmaven.home=${home}`,
    `-Dmaven.multiModuleProjectDirectory=${tools}`,
    'org.codehaus.plexus.classworlds.launcher.Launcher',
  ];
  return { command: java.path, args, env: java.env };
}
