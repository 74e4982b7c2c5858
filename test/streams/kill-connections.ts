import type { Redis } from 'ioredis';

/** Makes Redis cut every other connection to the database that the given one uses; gives back how many there were. */
export async function killConnections(redis: Redis): Promise<number> {
  const own = String(await redis.client('ID'));
  const clients = String(await redis.client('LIST'))
    .trim()
    .split('\n')
    .map(fieldsOf);
  const database = clients.find((client) => client['id'] === own)?.['db'];
  const others = clients.filter((client) => client['db'] === database && client['id'] !== own);
  for (const client of others) await redis.client('KILL', 'ID', client['id']!);
  return others.length;
}

function fieldsOf(line: string): Record<string, string> {
  return Object.fromEntries(line.split(' ').map((field) => field.split(/=(.*)/s, 2)));
}
