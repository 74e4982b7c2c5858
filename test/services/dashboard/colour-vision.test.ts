import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LINE_CYCLE } from '../../../services/dashboard/src/chart/computed-lines.ts';

// Lines of one chart are told apart by their colours, also by those who see fewer of them.
// @see Machado, Oliveira & Fernandes (2009), A Physiologically-based Model for Simulation of Color Vision Deficiency, table of
// severity 1.0; distances are CIE 1976 ΔE*ab, of which about 2 can just be seen side by side.

type Vector = readonly [number, number, number];

const VISIONS: Readonly<Record<string, readonly [Vector, Vector, Vector]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const DISTANCE_MIN = 24;

const TOKENS = readFileSync(new URL('../../../services/dashboard/src/styles/tokens.css', import.meta.url), 'utf8');

function linear(hex: string): Vector {
  const part = (at: number): number => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

/** L*, a*, b* of linear sRGB under D65. */
function lab([red, green, blue]: Vector): Vector {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function seen(colour: Vector, vision: readonly [Vector, Vector, Vector]): Vector {
  const of = (row: Vector): number =>
    Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2]));
  return lab([of(vision[0]), of(vision[1]), of(vision[2])]);
}

for (const [at, theme] of ['light', 'dark'].entries())
  test(`lines differ to all eyes in the ${theme} theme`, () => {
    const colours = LINE_CYCLE.map((line) => {
      const found = new RegExp(`--line-${line + 1}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(TOKENS);
      return linear(found![at + 1]!);
    });
    const alike = Object.entries(VISIONS).flatMap(([name, vision]) => {
      const points = colours.map((colour) => seen(colour, vision));
      return points.flatMap((one, n) =>
        points.slice(n + 1).flatMap((other, m) => {
          const distance = Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
          return distance < DISTANCE_MIN ? [`${name}: ${n} and ${n + 1 + m}, ${distance.toFixed(1)}`] : [];
        }),
      );
    });
    assert.equal(alike, []);
  });

test.run();
