import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// WCAG 2.2 AA: 4.5:1 for text, 3:1 for what tells a state by its shape.
// @see https://www.w3.org/TR/WCAG22/#contrast-minimum and #non-text-contrast

const TOKENS = new URL('../../../services/dashboard/src/styles/tokens.css', import.meta.url);

type Theme = 'light' | 'dark';
type Colour = readonly [red: number, green: number, blue: number, alpha: number];

const COLOURS = new Map(
  [...readFileSync(TOKENS, 'utf8').matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\);/g)].map(
    ([, name, light, dark]) => [name!, { light: parse(light!), dark: parse(dark!) }] as const,
  ),
);

function parse(hex: string): Colour {
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5), hex.length > 7 ? part(7) / 255 : 1];
}

/** A colour of the theme, a see-through one laid over the others in turn. */
function shown(theme: Theme, ...names: readonly string[]): Colour {
  return names.reduce<Colour>(
    (below, name) => {
      const colour = COLOURS.get(name)?.[theme];
      if (colour === undefined) throw new Error(`tokens.css has no --${name}`);
      const mixed = [0, 1, 2].map((at) => colour[at]! * colour[3] + below[at]! * (1 - colour[3]));
      return [mixed[0]!, mixed[1]!, mixed[2]!, 1];
    },
    [0, 0, 0, 1],
  );
}

function luminance([red, green, blue]: Colour): number {
  const linear = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}

function contrast(one: Colour, other: Colour): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** Texts, and the surfaces that they stand on. */
const TEXTS: readonly (readonly [text: string, ...surface: string[]])[] = [
  ...['text', 'dim', 'up', 'down', 'accent', 'warn', 'bad'].flatMap((text) => [
    [text, 'surface'] as const,
    [text, 'raised'] as const,
    [text, 'hover'] as const,
  ]),
  ['text', 'page'],
  ['dim', 'page'],
  ['text', 'surface', 'up-soft'],
  ['text', 'surface', 'down-soft'],
  ['dim', 'surface', 'up-soft'],
  ['dim', 'surface', 'down-soft'],
  ['up', 'surface', 'up-soft'],
  ['down', 'surface', 'down-soft'],
  ['accent', 'accent-soft'],
  ['text', 'accent-soft'],
  ['dim', 'accent-soft'],
  ['warn', 'warn-soft'],
  ['text', 'warn-soft'],
  ['bad', 'bad-soft'],
  ['text', 'bad-soft'],
];

const SHAPES = ['good', 'warn', 'bad', 'accent', 'gap', ...[1, 2, 3, 4, 5, 6, 7].map((line) => `line-${line}`)];

for (const theme of ['light', 'dark'] as const) {
  test(`texts can be read in the ${theme} theme`, () => {
    const faint = TEXTS.map(([text, ...surface]) => ({
      pair: `${text} on ${surface.join(' and ')}`,
      ratio: contrast(shown(theme, text), shown(theme, ...surface)),
    })).filter(({ ratio }) => ratio < 4.5);
    assert.equal(faint, []);
  });

  test(`lines and dots can be seen in the ${theme} theme`, () => {
    const faint = SHAPES.filter((name) => contrast(shown(theme, name), shown(theme, 'surface')) < 3);
    assert.equal(faint, []);
  });
}

test.run();
