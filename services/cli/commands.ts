import type { ListedCommand } from './command.ts';

/** Every command, in the order in which `don --help` lists them. Each file's default export is its Command. */
export const COMMANDS: readonly ListedCommand[] = [
  { name: 'start', summary: 'bring everything up, until Ctrl-C', load: () => import('./commands/start.ts') },
  { name: 'stop', summary: 'end everything that Don started here', load: () => import('./commands/stop.ts') },
  {
    name: 'status',
    summary: "each service's state, rates, gaps and memory",
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'doctor',
    summary: 'what is wrong with the set-up, and how to mend it',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'setup',
    summary: "what Don can use and does not need: TensorFlow's C library, for training",
    load: () => import('./commands/setup.ts'),
  },
  { name: 'keys', summary: 'keys for the API: create, list, revoke', load: () => import('./commands/keys.ts') },
  {
    name: 'book',
    summary: 'the order book as it was at an instant',
    load: () => import('./commands/book.ts'),
  },
  {
    name: 'features',
    summary: 'the features that can be computed, with units, warm-up and sources',
    load: () => import('./commands/features.ts'),
  },
  {
    name: 'backtest',
    summary: 'a strategy against a recorded market, with queues, latency, fees and funding',
    load: () => import('./commands/backtest.ts'),
  },
  {
    name: 'optimise',
    summary: 'the parameters of a strategy, searched by walk-forward and judged on what they were not chosen on',
    load: () => import('./commands/optimise.ts'),
  },
  {
    name: 'train',
    summary: 'an agent by reinforcement learning on candles or a book, judged on a span that it learned nothing of',
    load: () => import('./commands/train.ts'),
  },
  {
    name: 'evaluate',
    summary: 'whether a trained agent is worth anything: walk-forward, costs, luck, leaks',
    load: () => import('./commands/evaluate.ts'),
  },
  {
    name: 'models',
    summary: 'the registry of trained models: list, show, promote, demote, roll back, export, import',
    load: () => import('./commands/models.ts'),
  },
  {
    name: 'trade',
    summary: 'trading on the live market: start, status, halt, resume, stop, verify, report, drift',
    load: () => import('./commands/trade.ts'),
  },
  {
    name: 'jobs',
    summary: 'long work: what waits, runs and has ended; follow it, cancel it',
    load: () => import('./commands/jobs.ts'),
  },
  {
    name: 'verify',
    summary: 'recompute what was derived, and compare it with what is stored',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'reconcile',
    summary: 'bars made of trades compared with the klines of the exchange',
    load: () => import('./commands/reconcile.ts'),
  },
  {
    name: 'import',
    summary: 'recordings of others into the log',
    load: () => import('./commands/import.ts'),
  },
  {
    name: 'replay',
    summary: 'the log as JSON lines',
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'export',
    summary: 'the log or what was derived from it, as CSV, JSON lines or Parquet',
    load: () => import('./commands/export.ts'),
  },
  {
    name: 'gaps',
    summary: 'where events are missing, and how each gap was closed',
    load: () => import('./commands/gaps.ts'),
  },
];
