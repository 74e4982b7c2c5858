import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkFile } from '../../../../services/features/custom/check-file.ts';

const test = suite('services/features/custom/check-file');

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', `${name}.ts`);

async function withFile(text: string, use: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'don-feature-'));
  const file = join(folder, 'feature.ts');
  writeFileSync(file, text);
  try {
    await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('an honest feature has no findings', async () => {
  assert.equal((await checkFile(fixture('close-z-score'))).findings, []);
});

test('a feature that never comes back is ended, and said to have stalled', async () => {
  const { findings } = await checkFile(fixture('stalls'), { limitMs: 2_000 });
  assert.equal(findings, [{ kind: 'stalls', message: 'did not come back within 2 s' }]);
});

test('its types are checked, wherever the file lies', async () => {
  const feature = (unit: string): string =>
    `import { barsFeature } from 'don/features';
export default barsFeature({
  name: 'closes', outputs: { '': { unit: '${unit}', range: [0, null], says: 'the close' } },
  window: () => 1, compute: (bars) => bars.map(({ close }) => close),
});`;
  await withFile(feature('price'), async (file) => assert.equal((await checkFile(file)).findings, []));
  await withFile(feature('prices'), async (file) => {
    const failure = await checkFile(file).catch((error: Error) => error.message);
    assert.match(String(failure), /closes, unit: expected one of .*price.*, found prices/);
  });
  await withFile(feature('price').replace('({ close })', '({ closing })'), async (file) => {
    const { findings } = await checkFile(file);
    assert.match(
      findings.map(({ kind, message }) => `${kind}: ${message}`).join('\n'),
      /types: .*'closing' does not exist/,
    );
  });
});

test('what is no custom feature is refused, with what was expected', async () => {
  for (const [text, message] of [
    ['export const feature = 1;', /expected export default foldFeature.*found nothing/],
    ['export default { name: "x" };', /feature\.ts, version: expected a number/],
    ['export default 1 +', /expected a module that can be loaded, found/],
    [
      "import { foldFeature } from 'don/features'; export " +
        "default foldFeature({ name: 'rsi', inputs: [], outputs: {}, warmUp: () => ({ count: 1, of: 'bars' }), create: () => ({}) });",
      /name: expected one that the catalogue does not have, found rsi/,
    ],
    [
      "import { foldFeature } from 'don/features'; export " +
        "default foldFeature({ name: 'lag', inputs: ['otherQuote'], outputs: {}, warmUp: () => ({ count: 1, of: 'bars' }), create: () => ({}) });",
      /inputs: expected those of one instrument, found otherQuote/,
    ],
    ["import 'nowhere-to-be-found';", /expected a module that can be loaded, found .*nowhere-to-be-found/],
  ] as const)
    await withFile(text, async (file) => {
      const failure = await checkFile(file).catch((error: Error) => error.message);
      assert.match(String(failure), message);
    });
});

test.run();
