import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FEATURE_SETS } from '../../../pipelines/feature-sets.ts';
import { chosenSets } from '../../../services/features/chosen-sets.ts';

const test = suite('services/features/chosen-sets');

test('are those that are named, or those that are derived always', () => {
  assert.equal(chosenSets({ featureSets: undefined }), FEATURE_SETS);
  const chosen = chosenSets({ featureSets: ['flow-v1', 'spine-v1'] });
  assert.equal(
    chosen.map(({ id }) => id),
    ['flow-v1', 'spine-v1'],
  );
});

test('one that there is not, or that is of two instruments, is refused by name', () => {
  for (const [id, message] of [
    ['flow-v2', /featureSets: expected ones of .*, found flow-v2; did you mean flow-v1\?/],
    ['pair-v1', /featureSets: expected ones of .*, found pair-v1.*derived by `pairs`/],
  ] as const)
    assert.throws(
      () => chosenSets({ featureSets: [id] }),
      (error: Error) => message.test(error.message),
    );
});

test.run();
