import { z } from 'zod';
import { readConfig } from '../../../infra/config.ts';
import { connectPostgres } from '../../../infra/postgres.ts';
import { SetupError } from '../../../infra/setup-error.ts';
import { jobKind } from '../job-kind.ts';

/** Looks whether what models see, and gain, is as in their training and test. */
export const modelsWatch = jobKind({
  name: 'models-watch',
  /** It can demote a model from live, and halt accounts. */
  role: 'trade',
  says: 'tells which models that trade see, or gain, otherwise than in training and test; with DON_ON_DRIFT=demote it demotes them, and halts their accounts',
  example: {},
  data: z.strictObject({}, 'an empty object'),
  async run(_, { redis, postgresUrl }) {
    if (postgresUrl === undefined) throw new SetupError('PostgreSQL: expected DON_POSTGRES_URL, found nothing');
    const { watchModels } = await import('../../trader/drift/watch-models.ts');
    const { home, onDrift } = await readConfig();
    const pool = await connectPostgres(postgresUrl);
    try {
      return await watchModels({ redis, pool, home, demotes: onDrift === 'demote' });
    } finally {
      await pool.end();
    }
  },
});
