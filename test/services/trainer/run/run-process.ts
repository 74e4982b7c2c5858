import { runMade } from './made-run.ts';

// A training run as a process, to be killed.

const [home, more] = process.argv.slice(2) as [string, string];
process.on('disconnect', () => process.exit(1));
await runMade(home, JSON.parse(more) as object, { workers: 2 });
process.exit(0);
