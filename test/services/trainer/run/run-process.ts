import { runBook } from '../book/made-book-run.ts';
import { runMade } from './made-run.ts';

// A training run as a process, to be killed.

const [on, home, more] = process.argv.slice(2) as ['bars' | 'book', string, string];
process.on('disconnect', () => process.exit(1));
const run = on === 'bars' ? runMade : runBook;
await run(home, JSON.parse(more) as object, { workers: 2 });
process.exit(0);
