import { styleText } from 'node:util';
import { command } from '../command.ts';
import { examine } from '../examination.ts';

export default command({
  usage: ['doctor [--json]'],
  description: 'Looks only; it starts and changes nothing. The exit status is 1 where something is wrong.',
  examples: ['don doctor'],
  options: {},
  async run({ config, json, print }) {
    const findings = await examine(config, process.env);
    const isWell = findings.every(({ state }) => state !== 'wrong');
    if (json) {
      print(JSON.stringify({ ok: isWell, findings }));
      return isWell ? 0 : 1;
    }
    const marks = { ok: ['green', '✓'], note: ['yellow', '!'], wrong: ['red', '✗'] } as const;
    for (const { state, subject, found, advice } of findings) {
      const [color, sign] = marks[state];
      print(`${styleText(color, sign, { stream: process.stdout })} ${subject.padEnd(12)} ${found}`);
      if (advice !== undefined) print(`  ${' '.repeat(12)} → ${advice}`);
    }
    print(isWell ? '\nNothing is wrong.' : '\nMend what is marked ✗, then run don doctor again.');
    return isWell ? 0 : 1;
  },
});
