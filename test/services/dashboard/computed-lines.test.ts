import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CATALOGUE, featureNamed } from '../../../operators/features/catalogue.ts';
import { quadsBetween } from '../../../services/dashboard/src/chart/band-fill.ts';
import { computedLines } from '../../../services/dashboard/src/chart/computed-lines.ts';
import { seeThrough } from '../../../services/dashboard/src/chart/palette.ts';
import { readCatalogueFeature } from '../../../services/dashboard/src/market/catalogue.ts';
import type { ComputedSample } from '../../../services/dashboard/src/market/computed.ts';
import type { ComputedFeature } from '../../../services/dashboard/src/market/computed-feature.ts';
import { createSeries } from '../../../services/dashboard/src/store/series.ts';
import { featureJson } from '../../../services/features/feature-json.ts';

/** The panes of a feature of the catalogue with its usual parameters, of minutes, over no values. */
function panesOf(name: string, outputs?: readonly number[]) {
  const feature = readCatalogueFeature(JSON.parse(JSON.stringify(featureJson(featureNamed(name)!))));
  const parameters = Object.fromEntries(feature.parameters.map((parameter) => [parameter.name, parameter.usual]));
  const samples = createSeries<ComputedSample>(10, (task) => task());
  const computed = { feature, label: name, added: { parameters, interval: '1m' }, feed: { samples } };
  return computedLines(computed as unknown as ComputedFeature, {
    outputs: outputs ?? [...feature.outputs.keys()],
    priceDecimals: 1,
    firstLine: 0,
  }).panes;
}

test('MACD has bars of its difference and two lines, PSAR points', () => {
  assert.equal(
    panesOf('macd').map(({ lines }) => lines.map(({ label, drawn }) => [label, drawn])),
    [
      [
        ['line', 'line'],
        ['signal', 'line'],
        ['histogram', 'histogram'],
      ],
    ],
  );
  assert.equal(panesOf('parabolic_sar', [0])[0]!.lines[0]!.drawn, 'points');
});

test('a band is of one colour, filled between its sides, its middle dashed', () => {
  for (const name of ['bollinger', 'keltner', 'donchian']) {
    const { lines, fills } = panesOf(name)[0]!;
    assert.equal(
      lines.map(({ label, drawn }) => [label, drawn]),
      [
        ['lower', 'line'],
        ['middle', 'dashed'],
        ['upper', 'line'],
      ],
    );
    assert.is(new Set(lines.map(({ line }) => line)).size, 1, name);
    assert.equal(
      fills.map(({ from, to, kind }) => [from.label, to.label, kind]),
      [['upper', 'lower', 'band']],
    );
  }
});

test('Ichimoku has four colours, and a cloud that is drawn as many bars later as its base has', () => {
  const { lines, fills } = panesOf('ichimoku')[0]!;
  assert.is(new Set(lines.map(({ line }) => line)).size, 4);
  assert.equal(
    lines.map(({ laterS }) => laterS),
    [0, 0, 26 * 60, 26 * 60],
  );
  assert.equal(
    fills.map(({ from, to, kind }) => [from.label, to.label, kind]),
    [['span a', 'span b', 'cloud']],
  );
});

test('guides are those of the definition, else limits and middle of what has limits', () => {
  const guides = (name: string) => panesOf(name).map(({ lines }) => lines.map((line) => line.guides));
  assert.equal(guides('rsi'), [[[30, 70]]]);
  assert.equal(guides('stochastic'), [[[20, 80], []]]);
  assert.equal(guides('williams_r'), [[[-80, -20]]]);
  assert.equal(guides('aroon')[0], [[0, 50, 100], []]);
  assert.equal(panesOf('rsi')[0]!.lines[0]!.range, [0, 100]);
});

test('every fill and every delay of the catalogue names an output, or a parameter, that is there', () => {
  for (const definition of CATALOGUE) {
    const { name, outputs, parameters } = readCatalogueFeature(JSON.parse(JSON.stringify(featureJson(definition))));
    for (const { filledTo, drawnLaterBy } of outputs) {
      assert.ok(filledTo === null || outputs.some((output) => output.name === filledTo), name);
      assert.ok(drawnLaterBy === null || parameters.some((parameter) => parameter.name === drawnLaterBy), name);
    }
  }
});

test('a cloud changes its colour where its lines cross', () => {
  const at = (x: number, from: number, to: number) => ({ x, from, to });
  assert.equal(
    quadsBetween(at(0, 10, 20), at(10, 12, 20)).map(({ isAbove }) => isAbove),
    [true],
  );
  // Heights grow downwards: `from` begins above by 10 and ends below by 30.
  const [left, right] = quadsBetween(at(0, 10, 20), at(8, 50, 20));
  assert.equal([left?.isAbove, right?.isAbove], [true, false]);
  assert.equal(left?.corners[1], { x: 2, from: 20, to: 20 });
  assert.equal(right?.corners[0], left?.corners[1]);
});

test('a colour is made see-through', () => {
  assert.is(seeThrough('rgb(1, 2, 3)', 0.1), 'rgba(1, 2, 3, 0.1)');
  assert.is(seeThrough('rgba(1, 2, 3, 0.9)', 0.1), 'rgba(1, 2, 3, 0.1)');
});

test.run();
