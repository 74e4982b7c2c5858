import { connectRedis } from '../../../infra/redis.ts';
import { importFile } from '../../../services/importer/import-file.ts';

/** `node import-process.ts REDIS FILE INSTRUMENT`: an import in a process that can be killed. */
const [redisUrl = '', file = '', instrument = ''] = process.argv.slice(2);
const redis = await connectRedis(redisUrl);
await importFile({ redis, file, instrument });
await redis.quit();
