import { nearestName } from '../../../infra/nearest-name.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { type JobQueue, openJobQueue } from '../../jobs/job-queue.ts';
import type { JobRecord } from '../../jobs/job-record.ts';
import { type Context, command } from '../command.ts';
import { isWell, jobsText, jobText, resultText } from '../jobs-text.ts';
import { checkDone, followWithBar } from '../work-job.ts';

const ACTIONS = ['list', 'show', 'follow', 'cancel'] as const;
type Action = (typeof ACTIONS)[number];

export default command({
  usage: ['jobs list [--limit N]', 'jobs show ID', 'jobs follow ID', 'jobs cancel ID'],
  description: `Long work: what waits, runs and has ended, the newest first. The service jobs works on it while Don runs; a job whose
process is killed is taken up again and goes on from its last checkpoint. follow shows a bar until it has ended, and exits
with 1 where it failed or found a difference. cancel takes out a job that waits, and stops one that runs.`,
  examples: [
    'don jobs list',
    'don features backfill flow-v1 --instrument simulated:BTCUSDT --detach',
    'don jobs follow 12',
  ],
  options: { limit: { type: 'string', value: 'N', default: '20', help: 'list: at most so many' } },
  async run(context) {
    const [found, ...ids] = context.positionals;
    const action = checkAction(found);
    const limit = checkLimit(context.values.limit);
    const id = checkId(action, ids);
    const { redisUrl } = await context.servers('redis');
    const redis = await connectRedis(redisUrl);
    const queue = openJobQueue(redis);
    try {
      if (action === 'list') return list(context, await queue.list(), limit);
      const job = await queue.find(id!);
      if (job === undefined) throw new BadInput(`don jobs ${action}: expected an ID of don jobs list, found ${id}`);
      if (action === 'follow') return await follow(context, queue, job);
      if (action === 'cancel') return await cancel(context, queue, job);
      context.print(context.json ? JSON.stringify(job) : jobText(job));
      return 0;
    } finally {
      await queue.close();
      redis.disconnect();
    }
  },
});

function list({ json, print, say }: Context, jobs: readonly JobRecord[], limit: number): number {
  const items = jobs.slice(0, limit);
  print(json ? JSON.stringify({ items }) : jobsText(items));
  if (!json && jobs.length > limit) say(`${jobs.length - limit} more: --limit ${jobs.length}`);
  return 0;
}

async function follow({ json, print, say, signal }: Context, queue: JobQueue, { id }: JobRecord): Promise<number> {
  const end = await followWithBar(queue, id, signal);
  if (signal.aborted) {
    say(`Interrupted. Job ${id} goes on: don jobs cancel ${id} ends it.`);
    return 130;
  }
  if (json && end !== undefined) print(JSON.stringify(end));
  const job = checkDone(id, end);
  if (!json) print(resultText(job) ?? `Job ${id} is done.`);
  return isWell(job) ? 0 : 1;
}

async function cancel({ json, print }: Context, queue: JobQueue, { id, state }: JobRecord): Promise<number> {
  const outcome = await queue.cancel(id);
  if (outcome === 'ended' || outcome === undefined)
    throw new BadInput(`don jobs cancel: expected a job that waits or runs, found job ${id}, which is ${state}`);
  if (outcome === 'scheduled')
    throw new BadInput(`don jobs cancel: job ${id} comes each night; DON_VERIFY_AT=off switches it off`);
  const text = outcome === 'removed' ? `Job ${id} is taken out.` : `Job ${id} is told to stop.`;
  print(json ? JSON.stringify({ id, cancelled: true }) : text);
  return 0;
}

function checkAction(found: string | undefined): Action {
  const known = ACTIONS.find((action) => action === found);
  if (known !== undefined) return known;
  const near = found === undefined ? undefined : nearestName(found, ACTIONS);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new BadInput(`don jobs: expected ${ACTIONS.join(', ')}, found ${found ?? 'nothing'}${hint}`);
}

function checkId(action: Action, ids: readonly string[]): string | undefined {
  if (action === 'list' && ids.length === 0) return undefined;
  if (action === 'list') throw new BadInput(`don jobs list: expected flags only, found ${ids.join(' ')}`);
  if (ids.length === 1) return ids[0]!;
  throw new BadInput(`don jobs ${action}: expected one ID of don jobs list, found ${ids.join(' ') || 'none'}`);
}

function checkLimit(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1 && count <= 10_000) return count;
  throw new BadInput(`--limit: expected a whole number from 1 to 10000, found ${text}`);
}
