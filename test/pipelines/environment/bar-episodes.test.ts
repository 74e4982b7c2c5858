import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BarInfo } from '../../../pipelines/environment/bar-environment-options.ts';
import { noNormalisation } from '../../../pipelines/environment/normalisation.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import { says } from '../../support/says.ts';
import { barsOf, type Candle } from '../simulation/small-bars.ts';
import { FLAT, handMade, type SmallOptions } from './small-environment.ts';

const test = suite('pipelines/environment/bar-environment, episodes');

/** Lengths, and why they ended, of episodes from these seeds. */
function endsOf(bars: BarTape, options: SmallOptions, seeds: readonly number[]) {
  const environment = handMade(bars, options);
  return seeds.map((seed) => {
    const { bar } = environment.reset({ seed }).info as BarInfo;
    for (let steps = 1; ; steps++) {
      const { truncated, info } = environment.step(0);
      if (truncated) return [bar, steps, info['end']];
    }
  });
}

test('an episode ends at its greatest length, at the end of the data, and before what is missing', () => {
  const candles = Array.from({ length: 12 }, (_, n): Candle | undefined => (n === 4 ? undefined : FLAT));
  const bars = barsOf(candles);
  const first = { begin: 'first' } as const;
  assert.equal(endsOf(bars, { episode: first }, [1, 1]), [
    [0, 3, 'invalid'],
    [0, 3, 'invalid'],
  ]);
  assert.equal(endsOf(bars, { episode: { ...first, maxSteps: 2 } }, [1]), [[0, 2, 'length']]);
  // Where there is room for the greatest length; four candles have to be behind the first decision.
  assert.equal(endsOf(bars, { episode: { ...first, maxSteps: 5 } }, [1]), [[4, 5, 'length']]);
  assert.equal(endsOf(bars, { episode: { ...first, warmUpBars: 4, maxSteps: 4 } }, [1]), [[7, 3, 'data']]);
  assert.equal(endsOf(bars, { episode: { ...first, mayCrossInvalid: true } }, [1]), [[0, 10, 'data']]);
  const [fromMs, toMs] = [bars.openTimesMs[5]!, bars.openTimesMs[8]!];
  assert.equal(endsOf(bars, { episode: { ...first, fromMs, toMs } }, [1]), [[5, 2, 'data']]);
  const values = Float64Array.from(bars.openTimesMs, (_, n) => (n === 7 ? Number.NaN : 0));
  const features = { columns: ['one'], definition: '', values };
  assert.equal(endsOf(bars, { features, episode: { ...first, fromMs } }, [1]), [[5, 1, 'invalid']]);
  const begun = endsOf(
    bars,
    { episode: { begin: 'random' } },
    Array.from({ length: 200 }, (_, n) => n),
  );
  const starts = [...new Set(begun.map(([bar]) => bar))].sort();
  assert.equal(starts, [0, 1, 2, 4, 5, 6, 7, 8, 9]);
});

test('over an invalid stretch, where that is asked for, what is not valid is 0 with its mask', () => {
  const bars = barsOf([FLAT, FLAT, FLAT, FLAT]);
  const features = { columns: ['one'], definition: '', values: Float64Array.of(4, Number.NaN, 4, 4) };
  const environment = handMade(bars, { features, episode: { begin: 'first', mayCrossInvalid: true } });
  assert.equal([...environment.reset().observation].slice(0, 2), [4, 1]);
  assert.equal([...environment.step(0).observation].slice(0, 2), [0, 0]);
  assert.equal([...environment.step(0).observation].slice(0, 2), [4, 1]);
});

test('options that cannot be are refused by name', () => {
  const bars = barsOf([FLAT, FLAT, FLAT]);
  const of = (options: SmallOptions) => () => handMade(bars, options);
  const targets = { type: 'targets', targets: [0, 2] } as const;
  assert.throws(of({ actions: targets }), says('actions, targets: expected numbers from -1 to 1, found 2'));
  assert.throws(
    of({ actions: { ...targets, targets: [] } }),
    says('actions, targets: expected at least one, found none'),
  );
  assert.throws(of({ size: { qty: 0.2 } }), says('size, qty: expected a quantity of at least 1, found 0.2'));
  assert.throws(of({ size: { qty: 2, minQty: 3 } }), says('size, qty: expected a quantity of at least 3, found 2'));
  assert.throws(of({ size: { equityShare: -1 } }), says('size, equityShare: expected a number above 0, found -1'));
  assert.throws(of({ size: { qty: 1, minQty: 0 } }), says('size, minQty: expected a quantity above 0, found 0'));
  assert.throws(
    of({ episode: { begin: 'first', maxSteps: 0 } }),
    says('episode, maxSteps: expected a number from 1, found 0'),
  );
  assert.throws(
    of({ episode: { begin: 'first', warmUpBars: 3 } }),
    /^episode: expected candles from the beginning to the end of .* after 3 candles, found none$/,
  );
  assert.throws(
    of({ normalisation: noNormalisation({ columns: ['other'] }) }),
    says('normalisation: expected the columns one, found other'),
  );
  const short = { columns: ['one'], definition: '', values: new Float64Array(2) };
  assert.throws(of({ features: short }), says('features: expected rows of 3 candles, found those of 2'));
  assert.throws(() => handMade(bars).step(0), /expected an episode under way/);
});

test.run();
