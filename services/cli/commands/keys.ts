import type pg from 'pg';
import { migrate } from '../../../infra/migrations.ts';
import { nearestName } from '../../../infra/nearest-name.ts';
import { connectPostgres } from '../../../infra/postgres.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { createKey, listKeys, ROLES, type Role, revokeKey } from '../api-keys.ts';
import { command } from '../command.ts';
import { table } from '../table.ts';

const ACTIONS = ['create', 'list', 'revoke'] as const;
type Action = (typeof ACTIONS)[number];

export default command({
  usage: ['keys create NAME [--role ROLE]', 'keys list', 'keys revoke ID'],
  description:
    'A key is shown once, when it is created: only its hash is kept. A revoked key stops working within 5 s.',
  examples: ['don keys create grafana --role read', 'don keys list', 'don keys revoke k3x9a0bq'],
  options: { role: { type: 'string', value: 'ROLE', default: 'read', help: `what it may do: ${ROLES.join(', ')}` } },
  async run({ positionals, values, config, json, print, servers }) {
    const [action, argument, ...rest] = positionals;
    const checked = checkAction(action);
    if (rest.length > 0)
      throw new BadInput(`don keys ${checked}: expected one name or id, found also ${rest.join(' ')}`);
    if (checked !== 'list' && argument === undefined) {
      throw new BadInput(
        `don keys ${checked}: expected a ${checked === 'create' ? 'NAME' : 'ID (see don keys list)'}, found nothing`,
      );
    }
    const role = checkRole(values.role);
    const { postgresUrl } = await servers('postgres');
    const pool = await connectPostgres(postgresUrl);
    try {
      await migrate(pool);
      if (checked === 'create') {
        const { id, text } = await createKey(pool, config.home, argument!, role);
        print(
          json
            ? JSON.stringify({ id, name: argument, role, key: text })
            : `${text}\n\nThis key (${id}, ${role}) is shown only now.`,
        );
      } else if (checked === 'revoke') await revoke(pool, argument!, json, print);
      else print(await list(pool, json));
    } finally {
      await pool.end();
    }
    return 0;
  },
});

function checkAction(action: string | undefined): Action {
  const known = ACTIONS.find((candidate) => candidate === action);
  if (known !== undefined) return known;
  const near = action === undefined ? undefined : nearestName(action, ACTIONS);
  throw new BadInput(
    `don keys: expected create, list or revoke, found ${action ?? 'nothing'}${near ? `; did you mean ${near}?` : ''}`,
  );
}

function checkRole(role: string): Role {
  const known = ROLES.find((candidate) => candidate === role);
  if (known === undefined)
    throw new BadInput(`--role: expected one of ${ROLES.join(', ')}, found ${JSON.stringify(role)}`);
  return known;
}

async function revoke(pool: pg.Pool, id: string, json: boolean, print: (line: string) => void): Promise<void> {
  if (!(await revokeKey(pool, id))) {
    throw new BadInput(
      `don keys revoke: expected the id of a key that is not revoked (see don keys list), found ${JSON.stringify(id)}`,
    );
  }
  print(json ? JSON.stringify({ id, revoked: true }) : `Key ${id} is revoked.`);
}

async function list(pool: pg.Pool, json: boolean): Promise<string> {
  const keys = await listKeys(pool);
  const micros = (date: Date | null) => (date === null ? null : date.getTime() * 1000);
  if (json)
    return JSON.stringify({
      items: keys.map((key) => ({ ...key, created_at: micros(key.created_at), revoked_at: micros(key.revoked_at) })),
    });
  if (keys.length === 0) return 'There is no key yet: don keys create NAME makes one.';
  return table(
    ['ID', 'NAME', 'ROLE', 'CREATED', 'REVOKED'],
    keys.map(({ id, name, role, created_at, revoked_at }) => [
      id,
      name,
      role,
      created_at.toISOString(),
      revoked_at?.toISOString() ?? '–',
    ]),
  );
}
