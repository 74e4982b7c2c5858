import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readProblem } from '../../../services/dashboard/src/api/problem.ts';

test('a problem document is told in its own words, with the id of the request', async () => {
  const body = {
    type: 'urn:don:problem:bad-request',
    title: 'The request is not as expected',
    detail: 'limit: …',
    errors: [{ field: 'limit', expected: 'from 1 to 100', found: '0' }, { field: 'level' }, 'odd'],
  };
  const headers = { 'content-type': 'application/problem+json', 'x-request-id': 'abc' };
  const problem = await readProblem(new Response(JSON.stringify(body), { status: 400, headers }));
  assert.equal(problem, {
    status: 400,
    title: body.title,
    detail: body.detail,
    requestId: 'abc',
    errors: [
      { field: 'limit', expected: 'from 1 to 100', found: '0' },
      { field: 'level', expected: '', found: null },
    ],
  });
});

test('an answer that is no problem document still says its status', async () => {
  const response = new Response('<html>Bad gateway', { status: 502, statusText: 'Bad Gateway' });
  const problem = await readProblem(response);
  assert.equal(problem, {
    status: 502,
    title: 'The API answered 502 Bad Gateway',
    detail: '',
    requestId: null,
    errors: [],
  });
});

test.run();
