import type { Redis } from 'ioredis';

/** The other connections to the database that the given one uses, by the names of Redis' `CLIENT LIST`. */
export async function otherConnections(redis: Redis): Promise<Record<string, string>[]> {
  const own = String(await redis.client('ID'));
  const clients = String(await redis.client('LIST'))
    .trim()
    .split('\n')
    .map(fieldsOf);
  const database = clients.find((client) => client['id'] === own)?.['db'];
  return clients.filter((client) => client['db'] === database && client['id'] !== own);
}

/** Makes Redis cut every other connection to the database; gives back how many there were. */
export async function killConnections(redis: Redis): Promise<number> {
  const others = await otherConnections(redis);
  for (const client of others) await redis.client('KILL', 'ID', client['id']!);
  return others.length;
}

function fieldsOf(line: string): Record<string, string> {
  return Object.fromEntries(line.split(' ').map((field) => field.split(/=(.*)/s, 2)));
}
