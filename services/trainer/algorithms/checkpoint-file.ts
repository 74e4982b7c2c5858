import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { writeWhole } from '../../../infra/home.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import type { LearnerCheckpoint } from './learner.ts';

/** First line of the file; its second is the SHA-256 of what follows. */
const HEAD = 'don checkpoint 1\n';
const HASH_LENGTH = 64;

/** The file that was there stays whole until the new one is. */
export function writeCheckpoint(path: string, checkpoint: LearnerCheckpoint): void {
  const body = serialize(checkpoint);
  writeWhole(path, Buffer.concat([Buffer.from(`${HEAD}${hashOf(body)}\n`), body]));
}

/**
 * @param algorithm whose checkpoint it must be
 * @throws BadInput where it is no whole checkpoint, or one of another algorithm
 */
export function readCheckpoint<Checkpoint extends LearnerCheckpoint>(
  path: string,
  algorithm: Checkpoint['algorithm'],
): Checkpoint {
  const file = readFileSync(path);
  const bodyAt = HEAD.length + HASH_LENGTH + 1;
  const head = file.subarray(0, HEAD.length).toString('latin1');
  if (head !== HEAD) throw new BadInput(`${path}: expected a checkpoint, found ${JSON.stringify(head.slice(0, 20))}`);
  const body = file.subarray(bodyAt);
  const hash = file.subarray(HEAD.length, bodyAt - 1).toString('latin1');
  if (hash !== hashOf(body))
    throw new BadInput(`${path}: expected a body with SHA-256 ${hash}, found ${hashOf(body)}: the file is damaged`);
  const checkpoint = deserialize(body) as Checkpoint;
  if (checkpoint.algorithm !== algorithm)
    throw new BadInput(`${path}: expected a checkpoint of ${algorithm}, found one of ${checkpoint.algorithm}`);
  return checkpoint;
}

/**
 * @param whose what it was taken from
 * @throws BadInput where a checkpoint is of another network
 */
export function checkFits(what: string, found: number, expected: number, whose = 'checkpoint'): void {
  if (found !== expected) throw new BadInput(`${whose}/${what}: expected ${expected} numbers, found ${found}`);
}

function hashOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
