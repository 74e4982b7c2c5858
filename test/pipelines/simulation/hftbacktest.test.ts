import { hash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency } from '../../../operators/matching/latency.ts';
import { RISK_AVERSE } from '../../../operators/matching/queue-model.ts';
import { random } from '../../../operators/random.ts';
import { clockSkewUs } from '../../../pipelines/simulation/exchange-order.ts';
import { createSimulation } from '../../../pipelines/simulation/simulation.ts';
import { defineStrategy } from '../../../pipelines/simulation/strategy.ts';
import { BTCUSDT, readCapture } from '../../support/captures.ts';
import { tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/hftbacktest');

const EVERY_US = 100_000;

/**
 * What hftbacktest 2.4.4 filled over the BTCUSDT capture with its risk-averse queue, fills of whole orders, 1 ms each way, two
 * post-only orders of 0.01 each 100 ms, so many ticks off the best prices, and all others cancelled: SHA-256 of the sorted
 * lines `<ms> <ticks> <side>`, less those that fall into stretches in which our book is not trusted, because the price had
 * left what the snapshot tells, and hftbacktest's is.
 */
const PEER = [
  {
    offTicks: 0,
    fills: 451,
    hash: '264c584f706cbcc2db68a0a005df2e973682e8027e235cb220479cee1e899ed6',
    oursAlone: ['1723161472922 616913 buy', '1723161502400 616630 buy'],
  },
  {
    offTicks: 5,
    fills: 391,
    hash: '9c965ffbe846f4b9b6992b0d007de16e1e4cb17c7021e3e7c7bfa3c6bcc5bbd9',
    oursAlone: ['1723161472922 616908 buy', '1723161502400 616625 buy'],
  },
];

const captured = readCapture(BTCUSDT);

for (const { offTicks, fills: expected, hash: sum, oursAlone } of captured === undefined ? [] : PEER)
  test(`quoting ${offTicks} ticks off fills when hftbacktest's orders do, to the millisecond`, () => {
    const [tape] = tapesOf(captured!.filter(({ channel }) => channel !== 'bookTicker'));
    const strategy = defineStrategy({
      name: 'quoter',
      title: '',
      says: '',
      parameters: {},
      events: ['timer'],
      everyMs: () => EVERY_US / 1_000,
      create: () => ({
        onEvent(_, market) {
          for (const { orderId, state } of market.orders) if (state === 'open') market.cancel(orderId);
          const { bidTicks, askTicks } = market;
          if (!(bidTicks < askTicks)) return;
          market.placeLimit('buy', bidTicks - offTicks, 10, { timeInForce: 'GTX' });
          market.placeLimit('sell', askTicks + offTicks, 10, { timeInForce: 'GTX' });
        },
      }),
    });
    const fills: string[] = [];
    const simulation = createSimulation({
      strategy,
      parameters: {},
      rules: { queue: RISK_AVERSE, fills: 'whole' },
      latency: constantLatency(1, 1),
      random: random(1),
      skewUs: clockSkewUs(tape!),
      // It counts from the first diff's own time.
      timerFromUs: tape!.transactionTimesMs[1]! * 1_000 + EVERY_US,
      listener: {
        onFill: ({ timeUs, priceTicks, side }) => fills.push(`${Math.round(timeUs / 1_000)} ${priceTicks} ${side}`),
      },
    });
    simulation.push(tape!);
    simulation.end();
    for (const ours of oursAlone) assert.ok(fills.includes(ours), ours);
    const common = fills.filter((line) => !oursAlone.includes(line)).sort();
    assert.is(common.length, expected);
    assert.is(hash('sha256', common.join('\n')), sum);
  });

test('says so where the capture is not there', () => assert.ok(captured === undefined || captured.length > 1_000));

test.run();
