import type { FeatureDefinition } from '../../../operators/features/definition.ts';
import { inUnit } from '../../../operators/features/unit.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { customSet } from '../custom/load-custom-feature.ts';
import { madeInputs } from '../custom/made-inputs.ts';
import { runFeature } from '../custom/run-feature.ts';

const SEED = 7;
const SCALE = createScale('0.10', '0.001');
/** Of the ten hours of the made market the last seven are drawn, when most are warm. */
const SHOWN = 0.7;
const POINTS = 210;
const [WIDTH, HEIGHT] = [640, 140];
const [LEFT, RIGHT, TOP, BOTTOM] = [84, 8, 20, 8];
/** Told from each other, and from light and dark pages. */
const COLOURS = ['#3b82f6', '#f59e0b', '#10b981', '#ef4444', '#8b5cf6'];
const TEXT = '#8a8f98';

type Point = number | null;

/** A plot of what the feature says of a made market, by its usual parameters: the same each time. */
export function featurePlot(definition: FeatureDefinition): string {
  const { columns } = customSet(definition);
  const { values } = runFeature(definition, madeInputs(SEED));
  const shown = values.slice(Math.floor(values.length * (1 - SHOWN)));
  const every = Math.max(1, Math.floor(shown.length / POINTS));
  const rows = shown.filter((_, n) => n % every === 0);
  const lines = columns.map(({ unit }, column) =>
    rows.map((row): Point => {
      const value = row[column]!;
      return value === null ? null : inUnit(value, unit, SCALE);
    }),
  );
  const all = lines.flat().filter((value) => value !== null);
  const [least, greatest] = [Math.min(...all), Math.max(...all)];
  const y = (value: number): number => TOP + ((greatest - value) / (greatest - least || 1)) * (HEIGHT - TOP - BOTTOM);
  const x = (n: number): number => LEFT + (n / Math.max(1, rows.length - 1)) * (WIDTH - LEFT - RIGHT);
  const paths = lines.map(
    (line, n) =>
      `<path d="${pathOf(line, x, y)}" fill="none" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="1.2"/>`,
  );
  const legend = columns.map(
    ({ name }, n) => `<tspan fill="${COLOURS[n % COLOURS.length]}" dx="${n === 0 ? 0 : 10}">${name}</tspan>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="11">`,
    `<title>${definition.title}</title>`,
    `<text x="${LEFT}" y="12">${legend.join('')}</text>`,
    `<text x="${LEFT - 6}" y="${TOP + 8}" text-anchor="end" fill="${TEXT}">${shortNumber(greatest)}</text>`,
    `<text x="${LEFT - 6}" y="${HEIGHT - BOTTOM}" text-anchor="end" fill="${TEXT}">${shortNumber(least)}</text>`,
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="${TEXT}" stroke-width="0.5"/>`,
    ...paths,
    '</svg>\n',
  ].join('\n');
}

/** A line that is broken where nothing was said. */
function pathOf(line: readonly Point[], x: (n: number) => number, y: (value: number) => number): string {
  let path = '';
  let isDrawing = false;
  for (const [n, value] of line.entries()) {
    if (value !== null) path += `${isDrawing ? 'L' : 'M'}${x(n).toFixed(1)} ${y(value).toFixed(1)}`;
    isDrawing = value !== null;
  }
  return path;
}

function shortNumber(value: number): string {
  const text =
    Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4)
      ? value.toExponential(2)
      : String(Number(value.toPrecision(6)));
  return text.replace('-', '−');
}
