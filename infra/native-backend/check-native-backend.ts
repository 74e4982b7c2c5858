import { loadNativeBackend } from './load-native-backend.ts';

// In a process of its own, because a library that does not fit the processor ends the process that it is in.

interface TensorFlow {
  getBackend(): string;
  setBackend(name: string): Promise<boolean>;
  tensor2d(rows: number[][]): Matrix;
}

interface Matrix {
  matMul(other: Matrix): Matrix;
  dataSync(): Float32Array;
}

const tf = loadNativeBackend(process.argv[2] ?? '') as TensorFlow;
await tf.setBackend('tensorflow');
const found = `${tf.getBackend()} ${tf
  .tensor2d([[1, 2]])
  .matMul(tf.tensor2d([[3], [4]]))
  .dataSync()
  .join()}`;
if (found !== 'tensorflow 11') throw new Error(`expected tensorflow 11, found ${found}`);
