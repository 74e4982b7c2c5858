// time limit: 240 s
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../../infra/home.ts';
import { CATALOGUE } from '../../../../operators/features/catalogue.ts';
import { featurePlot } from '../../../../services/features/page/feature-plot.ts';
import { featuresPage } from '../../../../services/features/page/features-page.ts';

const test = suite('services/features/page/features-page');

const DOCS = join(REPOSITORY, 'docs');
const AGAIN = 'node services/features/page/write-features-page.ts';

test('docs/features.md is what the definitions say', () => {
  assert.ok(readFileSync(join(DOCS, 'features.md'), 'utf8') === featuresPage(), `it differs: ${AGAIN}`);
});

test('each feature has its plot, which shows what it says now', () => {
  const images = join(DOCS, 'images', 'features');
  assert.equal(readdirSync(images).sort(), CATALOGUE.map(({ name }) => `${name}.svg`).sort());
  for (const feature of CATALOGUE)
    assert.ok(
      readFileSync(join(images, `${feature.name}.svg`), 'utf8') === featurePlot(feature),
      `the plot of ${feature.name} differs: ${AGAIN}`,
    );
});

test.run();
