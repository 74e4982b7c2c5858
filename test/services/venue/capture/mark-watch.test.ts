import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { markWatch } from '../../../../services/venue/capture/mark-watch.ts';

function frame(p: string, r: string, T: number): string {
  return JSON.stringify({ e: 'markPriceUpdate', s: 'BTCUSDT', p, r, T });
}

test('says a mark price at each frame, and funding when the next funding time has become a later one', () => {
  const { played, latest } = markWatch();
  assert.is(latest(), undefined);
  const first = { markPriceE8: 10_050_000_000, timeMs: 1 };
  assert.equal(played(frame('100.5', '0.0001', 8_000), 1), { mark: first, funding: undefined });
  played(frame('101', '-0.0002', 8_000), 2);
  assert.equal(played('{"p":', 3), { mark: undefined, funding: undefined }, 'a damaged frame');
  assert.equal(played(frame('102', '0.0003', 16_000), 4), {
    mark: { markPriceE8: 10_200_000_000, timeMs: 4 },
    funding: { rateE8: -20_000, markPriceE8: 10_100_000_000, timeMs: 8_000 },
  });
  assert.is(played(frame('103', '0.0003', 16_000), 5).funding, undefined);
});

test.run();
