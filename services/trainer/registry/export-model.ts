import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { writeWhole } from '../../../infra/home.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { spaceSize } from '../../../pipelines/environment/space.ts';
import type { Model } from '../model/model.ts';
import { denseParameters } from '../networks/dense.ts';
import { mlpLayers } from '../networks/mlp.ts';
import { exportBookReadme } from './export-book-readme.ts';
import { exportReadme } from './export-readme.ts';
import { exportedNormalisation } from './exported-normalisation.ts';

/** Files of an exported model. */
const EXPORTED = ['model.json', 'weights.bin', 'normalisation.json', 'README.md'] as const;

/**
 * Writes a model so that programs without Don can use it: a layers model of TensorFlow.js, what stands before and behind it as
 * JSON, and how it is used.
 * @param folder made where it is not there; nothing else may lie in it @returns the files
 * @throws BadInput for networks that are more than dense layers, a folder with other files, features that mean something else
 */
export async function exportModel(id: string, model: Model, folder: string): Promise<readonly string[]> {
  checkDense(id, model);
  checkFolder(folder);
  const normalisation = exportedNormalisation(id, model);
  const { topology, weights } = await layersModel(model);
  writeWhole(join(folder, 'model.json'), `${JSON.stringify(topology, null, 2)}\n`, 0o644);
  writeWhole(join(folder, 'weights.bin'), weights, 0o644);
  writeWhole(join(folder, 'normalisation.json'), `${JSON.stringify(normalisation, null, 2)}\n`, 0o644);
  const readme = model.environment === 'book' ? exportBookReadme(id, model) : exportReadme(id, model);
  writeWhole(join(folder, 'README.md'), readme, 0o644);
  return EXPORTED;
}

function checkDense(id: string, { policy: { network } }: Model): void {
  const { convolution, recurrentSize } = network;
  const more = [
    ...(convolution === undefined ? [] : ['convolutions']),
    ...(recurrentSize === undefined ? [] : [`a memory (GRU) of ${recurrentSize} units`]),
  ];
  if (more.length > 0)
    throw new BadInput(
      `model ${id}, network: expected dense layers, which can be exported, found also ${more.join(' and ')}`,
    );
}

function checkFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const other = readdirSync(folder).find((file) => !EXPORTED.some((name) => name === file));
  if (other !== undefined) throw new BadInput(`--out: expected a new or empty folder, found ${folder} with ${other}`);
}

/** The network as TensorFlow.js writes it, with those outputs alone that are acted on. */
async function layersModel({ policy }: Model): Promise<{ readonly topology: object; readonly weights: Buffer }> {
  const tf: typeof tfjs = await import('@tensorflow/tfjs');
  const { network } = policy;
  const dense = mlpLayers(network.sizes);
  const actedOn = actedOnCount(policy);
  const sequential = tf.sequential({ name: 'policy' });
  const tensors: tfjs.Tensor[] = [];
  for (const [n, layer] of dense.entries()) {
    const isLast = n === dense.length - 1;
    const units = isLast ? actedOn : layer.outputs;
    const { weights, biases } = denseParameters(network.parameters, layer);
    const kernel = weights.filter((_, at) => at % layer.outputs < units);
    sequential.add(
      tf.layers.dense({
        name: `dense_${n + 1}`,
        units,
        activation: isLast ? 'linear' : network.activation,
        ...(n === 0 ? { inputShape: [layer.inputs] } : {}),
      }),
    );
    tensors.push(tf.tensor2d(kernel, [layer.inputs, units]), tf.tensor1d(biases.slice(0, units)));
  }
  sequential.setWeights(tensors);
  let artifacts: tfjs.io.ModelArtifacts | undefined;
  await sequential.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  tf.dispose(tensors);
  sequential.dispose();
  const { modelTopology, format, generatedBy, weightSpecs, weightData } = artifacts!;
  const topology = {
    format,
    generatedBy,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  };
  return { topology, weights: Buffer.from(weightData as ArrayBuffer) };
}

function actedOnCount({ actionSpace }: Model['policy']): number {
  return actionSpace.type === 'discrete' ? actionSpace.count : spaceSize(actionSpace);
}
