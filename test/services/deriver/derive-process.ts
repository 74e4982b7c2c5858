import { connectRedis } from '../../../infra/redis.ts';
import { deriveRecording } from '../../../services/deriver/derive-recording.ts';

/** `node derive-process.ts REDIS QUESTDB INSTRUMENT RECORDING`: an import's derivation in a process that can be killed. */
const [redisUrl = '', questdbUrl = '', instrument = '', recording = ''] = process.argv.slice(2);
const redis = await connectRedis(redisUrl);
await deriveRecording({ redis, questdbUrl, instrument, recording });
await redis.quit();
