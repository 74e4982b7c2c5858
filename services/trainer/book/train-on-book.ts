import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import type { Context } from '../../cli/command.ts';
import { createProgressDisplay } from '../../cli/progress.ts';
import { readJson, saidInFlags } from '../../cli/train-data.ts';
import { type BookConfig, checkBookConfig } from './book-config.ts';
import { bookText } from './book-text.ts';
import { recordedBookRun } from './recorded-book-run.ts';

interface Flags {
  readonly steps: string | undefined;
  readonly seeds: string | undefined;
  readonly study: string | undefined;
  readonly workers: string | undefined;
  readonly detach: boolean;
  readonly show: boolean;
}

type BookContext = Pick<Context, 'config' | 'json' | 'print' | 'say' | 'signal' | 'servers'>;

/**
 * The config of a file where it is one on the order book; undefined where it is not.
 * @throws BadInput where it cannot be, or a flag is only for candles
 */
export function readBookConfig(file: string, flags: Flags): BookConfig | undefined {
  const raw = readJson(file, 'a config');
  if (raw?.['environment'] !== 'book') return undefined;
  for (const flag of ['study', 'workers', 'detach'] as const)
    if (flags[flag]) throw new BadInput(`--${flag}: expected a config on candles, found one on the book`);
  const { steps, seeds } = flags;
  return checkBookConfig(saidInFlags(raw, { steps, seeds }));
}

/** Trains in the command's own process, and tells the report; or only shows the config. @returns the exit status */
export async function trainOnBook(context: BookContext, config: BookConfig, { show }: Flags): Promise<number> {
  const { json, print, say, signal, servers } = context;
  if (show) {
    print(JSON.stringify(config, null, 2));
    return 0;
  }
  const { redisUrl } = await servers('redis');
  const redis = await connectRedis(redisUrl);
  say(`${config.instrument}, order book, seeds ${config.seeds.join(', ')}`);
  const display = createProgressDisplay(process.stderr);
  try {
    const report = await recordedBookRun(config, {
      redis,
      home: context.config.home,
      signal,
      onProgress: ({ text, share, done, unit }) =>
        display.update({ what: text, share: share ?? undefined, done, unit }),
    });
    display.end();
    print(json ? JSON.stringify(report) : bookText(report));
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    say('Interrupted. The same command goes on from here.');
    return 130;
  } finally {
    display.end();
    redis.disconnect();
  }
}
