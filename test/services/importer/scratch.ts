import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `use` with the path of a file of this content, and removes it afterwards. */
export async function withFile<Result>(
  content: string | Uint8Array,
  use: (file: string) => Promise<Result>,
  name = 'recording',
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'don-import-'));
  try {
    const file = join(folder, name);
    writeFileSync(file, content);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
