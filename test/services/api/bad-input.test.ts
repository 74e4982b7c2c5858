import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refusedField } from '../../../services/api/http/bad-input.ts';

const test = suite('services/api/http/bad-input');

test('a refusal is told by its field, what was expected and what was found', () => {
  assert.equal(refusedField('qty: expected a number, at most 3, found 4'), {
    field: 'qty',
    expected: 'a number, at most 3',
    found: '4',
  });
  assert.equal(
    refusedField('warmStart/parameters, slow: expected 1 or more, found 0').field,
    'warmStart/parameters/slow',
  );
});

test('the nearest name is part of what was expected, not of what was found', () => {
  assert.equal(refusedField('to: expected one of a, b, found c; did you mean b?'), {
    field: 'to',
    expected: 'one of a, b (did you mean b?)',
    found: 'c',
  });
  assert.is(refusedField('note: expected no mark, found what; is it?').found, 'what; is it?');
});

test('what is said otherwise is of the body', () => {
  assert.equal(refusedField('it cannot be'), { field: 'body', expected: 'it cannot be', found: null });
});

test.run();
