import { supervise } from '../../../services/supervisor/supervise.ts';
import { fixtureService } from './fixture.ts';

// A supervisor in a process of its own, to be killed: `HOME NOTES NAME…`.

const [home = '', notes = '', ...names] = process.argv.slice(2);
await supervise(
  names.map((name) => fixtureService(name, notes)),
  { home, log: () => {} },
);
process.stdout.write('up\n');
