import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { REPOSITORY } from '../../../infra/home.ts';

const COMPILER = join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc');

/** Checks a custom feature's types, as strictly as Don's own. @returns the compiler's complaints, none where they hold */
export async function checkTypes(file: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'don-types-'));
  try {
    const settings = {
      extends: join(REPOSITORY, 'tsconfig.json'),
      compilerOptions: {
        // Its folder need not say that it holds modules.
        module: 'preserve',
        moduleResolution: 'bundler',
        paths: { 'don/features': [join(REPOSITORY, 'operators', 'features', 'custom-feature.ts')] },
        typeRoots: [join(REPOSITORY, 'node_modules', '@types')],
      },
      include: [],
      files: [resolve(file)],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    const said = await run(['-p', folder, '--pretty', 'false']);
    return said.split('\n').filter((line) => /error TS\d+/.test(line));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [COMPILER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    child.on('error', failed);
    child.on('close', () => done(said));
  });
}
