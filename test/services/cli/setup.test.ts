// time limit: 900 s
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nativeBackendFolder } from '../../../infra/native-backend/native-backend-folder.ts';
import { runDon } from '../../support/run-don.ts';
import { testHome } from '../../support/servers.ts';

const test = suite('services/cli/setup');

/** A home whose tools are its own. */
function ownTools(): { home: string; tools: string; env: Record<string, string> } {
  const home = testHome();
  const tools = join(home, 'tools');
  return { home, tools, env: { DON_TOOLS: tools, DON_BACKEND: '' } };
}

test('what is not there to be set up is bad usage', async () => {
  const { home } = ownTools();
  const [none, other] = await Promise.all([runDon(['setup'], { home }), runDon(['setup', 'gpu'], { home })]);
  assert.equal([none.status, none.stderr], [2, 'don: don setup: expected native, found nothing\n']);
  assert.equal([other.status, other.stderr], [2, 'don: don setup: expected native, found gpu\n']);
});

test('a machine without tools is told all that it lacks, and nothing is changed', async () => {
  const { home, env } = ownTools();
  const { status, stdout, stderr } = await runDon(['setup', 'native'], {
    home,
    env: { ...env, PATH: join(home, 'none'), npm_execpath: undefined },
  });
  assert.equal([status, stdout], [1, '']);
  for (const what of ['python3 on PATH', 'a C++ compiler', 'make on PATH', 'npm on PATH'])
    assert.ok(stderr.includes(`\n  - ${what}`), stderr);
  assert.match(stderr, /Mend that and run don setup native again\./);
});

test('one that is there is left alone, and don doctor tells of it', async () => {
  const { home, tools, env } = ownTools();
  const doctor = async (more: Record<string, string> = {}) => {
    const { stdout } = await runDon(['doctor', '--json'], { home, env: { ...env, ...more } });
    const { findings }: { findings: { subject: string; state: string; found: string; advice?: string }[] } =
      JSON.parse(stdout);
    return findings.find(({ subject }) => subject === 'training');
  };
  assert.equal(await doctor(), { state: 'ok', subject: 'training', found: 'on wasm' });
  const wanting = await doctor({ DON_BACKEND: 'native' });
  assert.equal([wanting?.state, wanting?.advice], ['wrong', 'don setup native installs it; or unset DON_BACKEND']);
  assert.is((await doctor({ DON_BACKEND: 'gpu' }))?.state, 'wrong');
  const folder = nativeBackendFolder(tools);
  mkdirSync(folder, { recursive: true });
  const { status, stdout, stderr } = await runDon(['setup', 'native', '--json'], { home, env });
  assert.equal([status, stderr], [0, '']);
  assert.equal(JSON.parse(stdout), { folder, wasThere: true, tfjsNode: '4.22.0', tensorflow: '2.21.0' });
  assert.is((await doctor())?.found, 'on wasm; the native backend is there (DON_BACKEND=native)');
  assert.is((await doctor({ DON_BACKEND: 'native' }))?.found, 'on the native backend');
});

if (process.env['DON_TEST_NATIVE'] !== '1')
  console.log('SKIP: DON_TEST_NATIVE=1 sets up the native backend, which fetches 330 MB');
else
  test('the whole of it: fetched, compiled, found, and it computes', async () => {
    const { home, tools, env } = ownTools();
    const set = await runDon(['setup', 'native', '--json'], { home, env });
    assert.is(set.status, 0, set.stderr);
    assert.is(JSON.parse(set.stdout).wasThere, false);
    const again = await runDon(['setup', 'native'], { home, env });
    assert.match(again.stdout, /^It is there already: tfjs-node 4\.22\.0 with TensorFlow 2\.21\.0/);
    Object.assign(process.env, { DON_TOOLS: tools, DON_BACKEND: 'auto' });
    const { openBackend } = await import('../../../services/trainer/backend/backend.ts');
    const { name, tf } = await openBackend();
    assert.is(name, 'native');
    assert.equal(
      [
        ...tf
          .tensor2d([[1, 2]])
          .matMul(tf.tensor2d([[3], [4]]))
          .dataSync(),
      ],
      [11],
    );
  });

test.run();
