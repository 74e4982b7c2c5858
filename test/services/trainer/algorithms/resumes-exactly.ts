import { readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import * as assert from 'uvu/assert';
import type { Learner, LearnerCheckpoint } from '../../../../services/trainer/algorithms/learner.ts';
import type { Backend } from '../../../../services/trainer/backend/backend.ts';

/**
 * Ten updates, and five, a checkpoint and five more, come to the same to the last bit; no tensor is left; each metric is
 * defined in docs/training.md.
 * @param create from a seed or a checkpoint
 */
export function resumesExactly<Checkpoint extends LearnerCheckpoint>(
  { tensors }: Backend,
  create: (from: number | Checkpoint) => Learner<Checkpoint>,
): void {
  const before = tensors();
  const whole = create(7);
  const wholeMetrics = Array.from({ length: 10 }, () => whole.update());
  const first = create(7);
  const metrics = Array.from({ length: 5 }, () => first.update());
  const second = create(deserialize(serialize(first.checkpoint())) as Checkpoint);
  for (let n = 5; n < 10; n++) metrics.push(second.update());
  assert.equal(metrics, wholeMetrics);
  assert.equal(second.checkpoint(), whole.checkpoint());
  assert.not.equal(create(8).policy().network.parameters, create(7).policy().network.parameters, 'by the seed');
  assert.not.equal(create(7).policy().network.parameters, whole.policy().network.parameters, 'something was learned');
  assert.is(tensors(), before);
  const page = readFileSync(new URL('../../../../docs/training.md', import.meta.url), 'utf8');
  for (const [name, value] of Object.entries(metrics.at(-1)!)) {
    assert.ok(page.includes(`| ${name} |`), `${name} is defined`);
    assert.ok(Number.isFinite(value), `${name}: ${value}`);
  }
}
