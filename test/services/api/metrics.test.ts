import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHistogram } from '../../../services/api/metrics/histogram.ts';
import { lastingStatus } from '../../support/lasting-status.ts';
import { testInstrument } from '../../support/servers.ts';
import { appendEvents } from './append-events.ts';
import { startTestApi } from './test-api.ts';

const api = await startTestApi();
const scrape = async (): Promise<string> => (await api.app.request(`${api.origin}/metrics`)).text();

test('needs no key and is text that Prometheus reads', async () => {
  const answer = await api.app.request(`${api.origin}/metrics`);
  assert.is(answer.status, 200);
  assert.match(answer.headers.get('content-type')!, 'text/plain; version=0.0.4');
  const lines = (await answer.text()).trimEnd().split('\n');
  const shape = /^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{([a-z_]+="[^"\n]*",?)*\})? -?[\d.e+-]+)$/;
  for (const each of lines) assert.match(each, shape);
  const typed = lines.filter((each) => each.startsWith('# TYPE')).map((each) => each.split(' ')[2]);
  assert.is(new Set(typed).size, typed.length, 'every metric is declared once');
});

test('tells of the services, the log and the recorder', async () => {
  const instrument = testInstrument();
  await appendEvents(api.redis, instrument, `${Date.now() - 2_000}-0`, [['aggTrade', '{}']]);
  const channels = { depth: { events: 7, gaps: 2, duplicates: 1 } };
  const status = { memoryBytes: 5, instruments: { [instrument]: { channels } } };
  await lastingStatus(api.redis, 'recorder', status);
  const text = await scrape();
  assert.match(text, 'don_service_up{service="recorder"} 1');
  assert.match(text, 'don_service_up{service="deriver"} 0');
  assert.match(text, 'don_service_memory_bytes{service="recorder"} 5');
  assert.match(text, `don_log_entries{instrument="${instrument}"} 1`);
  assert.match(text, `don_recorder_gaps_total{instrument="${instrument}",channel="depth"} 2`);
  const age = Number(new RegExp(`don_log_age_seconds\\{instrument="${instrument}"\\} (.+)`).exec(text)?.[1]);
  assert.ok(age >= 2 && age < 60, `${age}`);
});

test('counts requests by their pattern, never by their path', async () => {
  await api.get('/api/v1/simulated:NOSUCH/trades');
  await api.get('/no/such/thing');
  const text = await scrape();
  assert.match(text, 'don_api_request_seconds_count{method="GET",route="/api/v1/:instrument/trades",status="404"} 1');
  assert.match(text, 'route="none",status="404"');
  assert.not.match(text, /NOSUCH|such\/thing/);
});

test('a histogram counts each observation in its bucket and those above', () => {
  const histogram = createHistogram('x_seconds', 'X', [1, 2]);
  assert.is(histogram.expose(), '');
  for (const value of [0.5, 1, 1.5, 3]) histogram.observe({ a: '"\n' }, value);
  const lines = histogram.expose().split('\n').slice(2);
  const labels = 'a="\\"\\n"';
  assert.equal(lines, [
    `x_seconds_bucket{${labels},le="1"} 2`,
    `x_seconds_bucket{${labels},le="2"} 3`,
    `x_seconds_bucket{${labels},le="+Inf"} 4`,
    `x_seconds_sum{${labels}} 6`,
    `x_seconds_count{${labels}} 4`,
    '',
  ]);
});

test('ends', () => api.end());

test.run();
