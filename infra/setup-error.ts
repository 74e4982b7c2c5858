/** Something that the user can mend. The message is a sentence that says what was found and what to do. */
export class SetupError extends Error {
  override readonly name: string = 'SetupError';
}

/** A server that is needed cannot be reached or refuses us; a command that meets one ends with exit status 3. */
export class ServerUnreachable extends SetupError {
  override readonly name = 'ServerUnreachable';
}

/** A setting, flag or argument that is wrong; a command that meets one ends with exit status 2. */
export class BadInput extends SetupError {
  override readonly name = 'BadInput';
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space there',
  EDQUOT: 'The disk quota is used up: free some space there',
  EACCES: 'Permission is missing: give this user write access there',
  EPERM: 'Permission is missing: give this user write access there',
  EROFS: 'The disk is read-only: make it writable',
};

/** Turns a file-system error into a sentence with advice; other errors come back as they are. */
export function explainFileError(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const advice = ADVICE[code];
  if (advice === undefined) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new SetupError(`${advice}, or set DON_HOME to another folder. (${folder}: ${text})`);
}
