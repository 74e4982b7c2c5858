import { connectRedis } from '../../../infra/redis.ts';
import { deriveRecording } from '../../../services/deriver/derive-recording.ts';

/** `node derive-process.ts REDIS QUESTDB INSTRUMENT RECORDING EVENTS`: an import's derivation that is killed behind so many events. */
const [redisUrl = '', questdbUrl = '', instrument = '', recording = '', killedAt = ''] = process.argv.slice(2);
const redis = await connectRedis(redisUrl);
const onProgress = (events: number): void => {
  if (events >= Number(killedAt)) process.kill(process.pid, 'SIGKILL');
};
await deriveRecording({ redis, questdbUrl, instrument, recording, onProgress });
await redis.quit();
