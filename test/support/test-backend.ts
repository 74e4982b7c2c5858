import { type Backend, openBackend } from '../../services/trainer/backend/backend.ts';

/** Which one tests of the trainer compute with: wasm, or what `DON_TEST_BACKEND` says (native). */
export const TEST_BACKEND = read(process.env['DON_TEST_BACKEND'] || 'wasm');

export function testBackend(): Promise<Backend> {
  return openBackend(TEST_BACKEND);
}

function read(said: string): Backend['name'] {
  if (said === 'wasm' || said === 'native') return said;
  throw new Error(`DON_TEST_BACKEND: expected wasm or native, found ${JSON.stringify(said)}`);
}
