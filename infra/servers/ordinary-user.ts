import { spawnSync } from 'node:child_process';
import { SetupError } from '../setup-error.ts';
import { findOnPath } from './find-program.ts';

/** How root runs a program as someone else: `command ...args PROGRAM ...`. */
export interface OrdinaryUser {
  readonly uid: number;
  readonly gid: number;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The user as whom root runs what refuses to be root: `postgres` where there is one, else `nobody`.
 * Where that user cannot walk to one of the folders (a home below /root), the program keeps the one capability to do so.
 */
export function ordinaryUser(folders: readonly string[]): OrdinaryUser {
  const setpriv = findOnPath('setpriv');
  if (setpriv === undefined) {
    throw new SetupError(
      'PostgreSQL refuses to run as root, and the program setpriv, by which root becomes another user, is missing. Install it (Debian: apt-get install util-linux), run Don as an ordinary user, or set DON_POSTGRES_URL, and start again.',
    );
  }
  const [uid, gid] = idsOf('postgres') ?? idsOf('nobody') ?? [65_534, 65_534];
  const plain = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const reaches = folders.every(
    (folder) => spawnSync(setpriv, [...plain, 'test', '-x', folder], { stdio: 'ignore' }).status === 0,
  );
  // Without the secure bit access(2), by which PostgreSQL looks for its own programs, would ignore the capability.
  const walking = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const args = reaches ? plain : [...plain, ...walking];
  return { uid, gid, command: setpriv, args };
}

function idsOf(name: string): [number, number] | undefined {
  const ids = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : Number.NaN;
  });
  return ids.every(Number.isInteger) ? [ids[0]!, ids[1]!] : undefined;
}
