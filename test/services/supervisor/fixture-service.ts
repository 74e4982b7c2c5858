import { appendFileSync } from 'node:fs';

// A service as the supervisor sees one. Its environment says how it behaves; it writes down its starts and ends.

const { FIXTURE_NAME: name = '', FIXTURE_FILE: file = '', FIXTURE_MODE: mode = 'steady' } = process.env;
const note = (text: string) => appendFileSync(file, `${name} ${text}\n`);
const log = (message: string) =>
  process.stderr.write(`${JSON.stringify({ level: 'error', service: name, message })}\n`);

note(`start ${process.env['FIXTURE_AFTER'] ?? ''}`.trim());
if (mode === 'refuse') {
  log('DON_X: expected a number, found "y"');
  process.exit(2);
}
process.on('SIGTERM', () => {
  note('end');
  process.exit(0);
});
process.on('disconnect', () => {
  note('alone');
  process.exit(0);
});
setInterval(() => {}, 1_000);
process.stdout.write('a line that is no JSON\n');
if (mode !== 'mute') process.stdout.write(`${JSON.stringify({ service: name, ready: true, address: `at ${name}` })}\n`);
