import { connectRedis } from '../../../infra/redis.ts';
import { ensureServers, runningServers } from '../../../infra/servers/servers.ts';
import { readSystemStatus } from '../../api/status/system-status.ts';
import { runningInstance } from '../../supervisor/instance.ts';
import { readModelWatch } from '../../trader/drift/watch-models.ts';
import { command } from '../command.ts';
import { loginLink } from '../login-link.ts';
import { describeStatus, type Status } from '../status-report.ts';

export default command({
  usage: ['status [--json]'],
  description: 'Starts nothing. The exit status is 1 where Don does not run or one of its services does not.',
  examples: ['don status', "don status --json | jq '.instruments[].ageMs'"],
  options: {},
  async run({ config, json, print }) {
    const { home, redisUrl } = config;
    const instance = runningInstance(home);
    const servers = runningServers(home).map(({ name, version, source, ports, pid }) => ({
      name,
      version,
      source,
      ports,
      pid,
    }));
    const hasRedis = redisUrl !== undefined || servers.some(({ name }) => name === 'redis');
    const system = hasRedis ? await readSystem(home, redisUrl) : undefined;
    const status: Status = {
      running: instance !== undefined,
      ready: instance?.ready ?? false,
      home,
      pid: instance?.pid ?? null,
      startedMs: instance?.startedMs ?? null,
      dashboard: instance === undefined ? null : await loginLink(instance.port, home).catch(() => null),
      api: instance === undefined ? null : `http://127.0.0.1:${instance.port}/api/v1`,
      services: (system?.services ?? []).filter(({ service }) => service !== 'venue' || config.venue === 'simulated'),
      instruments: system?.instruments ?? [],
      redisMemoryBytes: system?.redis.usedMemoryBytes ?? null,
      lastVerify: system?.lastVerify ?? null,
      modelWatch: system?.modelWatch ?? null,
      servers,
    };
    print(json ? JSON.stringify(status) : describeStatus(status, Date.now()));
    return status.running && status.services.every(({ state }) => state === 'up') ? 0 : 1;
  },
});

/** Finds the Redis that runs; it is not started for this. */
async function readSystem(home: string, redisUrl: string | undefined) {
  const url = redisUrl ?? (await ensureServers({ home, want: ['redis'] })).redisUrl;
  const redis = await connectRedis(url!);
  try {
    const [system, modelWatch] = await Promise.all([readSystemStatus(redis), readModelWatch(redis)]);
    return { ...system, modelWatch };
  } finally {
    redis.disconnect();
  }
}
