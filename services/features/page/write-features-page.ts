import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../../infra/home.ts';
import { CATALOGUE } from '../../../operators/features/catalogue.ts';
import { featurePlot } from './feature-plot.ts';
import { featuresPage } from './features-page.ts';

// Writes docs/features.md and its plots anew.

const images = join(REPOSITORY, 'docs', 'images', 'features');
rmSync(images, { recursive: true, force: true });
mkdirSync(images, { recursive: true });
for (const feature of CATALOGUE) writeFileSync(join(images, `${feature.name}.svg`), featurePlot(feature));
writeFileSync(join(REPOSITORY, 'docs', 'features.md'), featuresPage());
