import { toolsFolder } from '../home.ts';
import { hasDebianPackages } from './debian-packages.ts';
import { dockerWithEngine } from './docker.ts';
import { installedJava } from './java.ts';
import { installedMaven } from './maven.ts';
import { installedPostgres } from './postgres-server.ts';
import type { ServerName } from './private-server.ts';
import { findJar } from './questdb-jar.ts';
import { installedRedis } from './redis-server.ts';

/** By what means a start would bring up that server, in its own order of choice; undefined where there is none. */
export function prospect(home: string, name: ServerName): string | undefined {
  const installed = INSTALLED[name](home);
  if (installed !== undefined) return installed;
  if (dockerWithEngine() !== undefined) return 'would run in Docker';
  return hasDebianPackages() ? "would be unpacked from Debian's package" : undefined;
}

const INSTALLED: Readonly<Record<ServerName, (home: string) => string | undefined>> = {
  redis: () => describe(installedRedis()),
  postgres: () => describe(installedPostgres()[0]),
  questdb: (home) => {
    if (installedJava() === undefined) return undefined;
    if (findJar(toolsFolder(home)) !== undefined) return 'is here, with Java';
    return installedMaven() === undefined ? undefined : 'would be fetched by Maven';
  },
};

function describe(program: { readonly version: string; readonly path: string } | undefined): string | undefined {
  return program === undefined ? undefined : `${program.version} is installed (${program.path})`;
}
