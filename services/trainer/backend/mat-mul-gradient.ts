import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend.ts';

/**
 * Makes the gradient of `matMul` out of products of matrices that were transposed before: the wasm backend multiplies
 * those that are to be transposed on the way by a loop that is several times slower.
 */
export function useExplicitTransposes(tf: TensorFlow): void {
  /** Its last two axes changed places; those before them number the matrices. */
  const turn = (matrices: Tensor): Tensor => {
    const axes = matrices.shape.map((_, axis) => axis);
    return tf.transpose(matrices, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
  };
  tf.unregisterGradient('BatchMatMul');
  tf.registerGradient({
    kernelName: 'BatchMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy: Tensor | Tensor[], saved: Tensor[], attributes: NamedAttrMap) => {
      const { transposeA, transposeB } = attributes as unknown as { transposeA: boolean; transposeB: boolean };
      const [a, b] = saved as [Tensor, Tensor];
      const product = dy as Tensor;
      const dA = (): Tensor => tf.matMul(product, transposeB ? b : turn(b));
      const dB = (): Tensor => tf.matMul(transposeA ? a : turn(a), product);
      return { a: () => (transposeA ? turn(dA()) : dA()), b: () => (transposeB ? turn(dB()) : dB()) };
    },
  });
}
