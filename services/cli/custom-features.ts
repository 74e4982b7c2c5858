import type { Config } from '../../infra/config.ts';
import { connectRedis, pingRedis } from '../../infra/redis.ts';
import { ensureServers, runningServers } from '../../infra/servers/servers.ts';
import { listRecordings } from '../../streams/recordings.ts';
import type { CustomFeatureStatus } from '../features/custom/feature-supervisor.ts';
import { checkForFill, FeatureRefused, type FillReport, fillRecording } from '../features/custom/fill-recording.ts';
import { readCustomFeatures } from '../features/custom/read-statuses.ts';
import { chooseInstrument, chooseRecording } from './choose-recording.ts';
import type { Context } from './command.ts';
import { createProgressDisplay } from './progress.ts';

/** Which rows or inputs of what is recorded; undefined: all, or what is chosen without it. */
export interface RecordedFlags {
  readonly instrument: string | undefined;
  readonly recording: string | undefined;
  /** Receive times, µs since the epoch. */
  readonly fromUs: number | undefined;
  readonly toUs: number | undefined;
}

/** The custom features that a running Don has; none, and no server is started, where it does not run. */
export async function runningCustomFeatures({
  home,
  redisUrl,
}: Pick<Config, 'home' | 'redisUrl'>): Promise<readonly CustomFeatureStatus[]> {
  if (redisUrl === undefined && !runningServers(home).some(({ name }) => name === 'redis')) return [];
  const url = redisUrl ?? (await ensureServers({ home, want: ['redis'] })).redisUrl!;
  try {
    await pingRedis(url);
  } catch {
    return [];
  }
  const redis = await connectRedis(url);
  try {
    return await readCustomFeatures(redis);
  } finally {
    redis.disconnect();
  }
}

/** The one recording that `don features check` is to try a feature on. */
export async function chooseSpan(redisUrl: string, { instrument, recording, fromUs, toUs }: RecordedFlags) {
  const redis = await connectRedis(redisUrl);
  try {
    const chosen = await chooseInstrument(redis, instrument);
    const name = await chooseRecording(redis, chosen, recording, fromUs);
    return { redisUrl, instrument: chosen, recording: name, fromUs, toUs };
  } finally {
    redis.disconnect();
  }
}

/** Fills the rows of the custom feature of a file, recording after recording. @returns undefined where it was interrupted or refused, which is said */
export async function fillCustomFeature(
  { say, signal, servers }: Pick<Context, 'say' | 'signal' | 'servers'>,
  file: string,
  { instrument, recording, fromUs, toUs }: RecordedFlags,
): Promise<readonly FillReport[] | 1 | 130> {
  const display = createProgressDisplay(process.stderr);
  try {
    say(`checking ${file}`);
    const { set } = await checkForFill(file);
    const { redisUrl, questdbUrl } = await servers('redis', 'questdb');
    const names = await namesOf(redisUrl, instrument, recording);
    const reports: FillReport[] = [];
    for (const name of names) {
      const of = { file, redisUrl, questdbUrl, fromUs, toUs, signal, ...name };
      const onProgress = ({ rows }: { readonly rows: number }): void =>
        display.update({ what: `filling ${name.recording}`, share: undefined, done: rows, unit: 'rows' });
      reports.push(await fillRecording({ ...of, onProgress }, set.id));
      display.end();
    }
    return reports;
  } catch (error) {
    display.end();
    if (signal.aborted) return 130;
    if (!(error instanceof FeatureRefused)) throw error;
    say(error.message);
    return 1;
  }
}

async function namesOf(redisUrl: string, instrument: string | undefined, recording: string | undefined) {
  const redis = await connectRedis(redisUrl);
  try {
    const chosen = await chooseInstrument(redis, instrument);
    const all = (await listRecordings(redis, chosen)).map(({ recording: name }) => name);
    const names = recording === undefined ? all : [await chooseRecording(redis, chosen, recording, undefined)];
    return names.map((name) => ({ instrument: chosen, recording: name }));
  } finally {
    redis.disconnect();
  }
}
