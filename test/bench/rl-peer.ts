import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPOSITORY } from '../../infra/home.ts';
import type { BenchContext } from './bench.ts';
import { interpreter, output } from './python-peer.ts';

const SCRIPT = join(REPOSITORY, '..', 'shared', 'peers', 'rl_peers.py');
const CANDLES = 'usdm-BTCUSDT-5m-2023-2024.csv.gz';

/** What the script for Stable-Baselines3 and torch says of one piece of work. */
export interface RlFigure {
  readonly name: string;
  readonly value: number;
  readonly threads?: number;
  readonly envs?: number;
  readonly batch?: number;
}

let figures: Promise<readonly RlFigure[]> | undefined;

/** The script's figures of learning, measured now and once a process; none where `DON_PEERS` has not got what it needs. */
export function learningPeer(context: BenchContext): Promise<readonly RlFigure[]> {
  figures ??= rlPeer(context, 'ppo');
  return figures;
}

/** The script's figures of one part, measured now; none where `DON_PEERS` has not got what it needs. */
export async function rlPeer({ captures, say }: BenchContext, part: 'envs' | 'ppo'): Promise<readonly RlFigure[]> {
  const python = interpreter();
  if (python === undefined || captures === undefined || !existsSync(SCRIPT)) return [];
  const lines = await output(python, [SCRIPT, join(dirname(captures), 'klines', CANDLES), part]);
  const found = lines.filter((line) => line.startsWith('{')).map((line): RlFigure => JSON.parse(line));
  if (found.length === 0) say(`rl_peers.py ${part}: expected figures, found none`);
  return found;
}
