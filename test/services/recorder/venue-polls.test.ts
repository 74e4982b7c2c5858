import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_SETTINGS } from '../../../services/recorder/settings.ts';
import { startVenuePolls } from '../../../services/recorder/venue-polls.ts';
import { until } from '../../support/until.ts';

const test = suite('services/recorder/venue-polls');

/** Skew of the clocks that is found where the answers about the time are on their way back for so long. */
async function skewOf(waysMs: readonly number[]): Promise<number> {
  let asked = 0;
  let nowMs = 1_790_000_000_000;
  const polls = await startVenuePolls({
    instruments: [],
    recorders: new Map(),
    rest: {
      async get(path) {
        if (path !== 'fapi/v1/time') return '{"symbols":[]}';
        const serverTime = nowMs + 5_000;
        nowMs += waysMs[asked++ % waysMs.length]!;
        return JSON.stringify({ serverTime });
      },
    },
    settings: DEFAULT_SETTINGS,
    nowMs: () => nowMs,
    log: () => {},
    onFatal: (reason) => assert.unreachable(reason),
  });
  try {
    await until('a skew', () => polls.clockSkewMs() !== undefined);
    return polls.clockSkewMs()!;
  } finally {
    polls.stop();
  }
}

test('the skew of the clocks is that of the quickest answer', async () => {
  // On the way back for 20 ms, so wrong by half of that.
  for (const ways of [
    [1_000, 20, 1_000],
    [20, 1_000, 1_000],
  ])
    assert.is(await skewOf(ways), 4_990, String(ways));
});

test.run();
