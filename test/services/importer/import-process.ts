import { setImmediate as nextTurn } from 'node:timers/promises';
import { connectRedis } from '../../../infra/redis.ts';
import { importFile } from '../../../services/importer/import-file.ts';

/**
 * `node import-process.ts REDIS FILE INSTRUMENT KEY ENTRIES`: an import that is killed once the log has so many entries.
 * By itself: from another process it may come too late.
 */
const [redisUrl = '', file = '', instrument = '', key = '', entries = ''] = process.argv.slice(2);
const [redis, watching] = await Promise.all([connectRedis(redisUrl), connectRedis(redisUrl)]);
importFile({ redis, file, instrument }).catch(() => process.exit(1));
while ((await watching.xlen(key)) < Number(entries)) await nextTurn();
process.kill(process.pid, 'SIGKILL');
