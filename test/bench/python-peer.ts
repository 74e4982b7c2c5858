import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { REPOSITORY } from '../../infra/home.ts';

const SCRIPT = join(REPOSITORY, '..', 'shared', 'peers', 'python_peers.py');

/** What a peer's script says of one piece of work. */
export interface PeerFigure {
  readonly name: string;
  readonly perSecond: number;
}

/**
 * Figures of a Python peer on a capture, measured now; undefined where `DON_PEERS` names no interpreter or the script is not
 * there.
 * @param capture the zipped capture
 */
export async function pythonPeer(capture: string, peer: string): Promise<readonly PeerFigure[] | undefined> {
  const python = interpreter();
  if (python === undefined || !existsSync(SCRIPT)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'don-peer-'));
  try {
    const plain = join(folder, 'capture');
    writeFileSync(plain, gunzipSync(readFileSync(capture)));
    const lines = await output(python, [SCRIPT, plain, peer]);
    return lines
      .filter((line) => line.startsWith('{') && line.includes('perSecond'))
      .map((line): PeerFigure => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `DON_PEERS` is an interpreter, or the folder of a virtual environment. */
export function interpreter(): string | undefined {
  const named = process.env['DON_PEERS'];
  if (!named || !existsSync(named)) return undefined;
  return statSync(named).isDirectory() ? join(named, 'bin', 'python') : named;
}

/** Lines that a command printed. */
export function output(command: string, args: readonly string[]): Promise<string[]> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
    });
    child.on('error', failed);
    child.on('close', () => done(text.split('\n')));
  });
}
