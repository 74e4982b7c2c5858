import type { ActionDistribution } from './action-distribution.ts';

/** One of `count` actions; the network's outputs are logits. */
export function categorical(count: number): ActionDistribution {
  /** Of the row that was last asked for. */
  const logs = new Float64Array(count);
  const readLogs = (outputs: Float32Array, row: number): void => {
    const at = row * count;
    let max = -Infinity;
    for (let k = 0; k < count; k++) max = Math.max(max, outputs[at + k]!);
    let sum = 0;
    for (let k = 0; k < count; k++) sum += Math.exp(outputs[at + k]! - max);
    const normaliser = max + Math.log(sum);
    for (let k = 0; k < count; k++) logs[k] = outputs[at + k]! - normaliser;
  };
  const entropyNow = (): number => {
    let entropy = 0;
    for (let k = 0; k < count; k++) entropy -= Math.exp(logs[k]!) * logs[k]!;
    return entropy;
  };
  return {
    outputCount: count,
    draw: (outputs, row, random, actions) => {
      readLogs(outputs, row);
      let left = random.uniform();
      let action = 0;
      for (; action < count - 1; action++) {
        left -= Math.exp(logs[action]!);
        if (left < 0) break;
      }
      actions[row] = action;
      return logs[action]!;
    },
    logProbability: (outputs, row, actions) => {
      readLogs(outputs, row);
      return logs[actions[row]!]!;
    },
    entropy: (outputs, row) => {
      readLogs(outputs, row);
      return entropyNow();
    },
    writeGradient: (row, by, { outputs, actions }, outputGradient) => {
      readLogs(outputs, row);
      const entropy = entropyNow();
      for (let k = 0; k < count; k++) {
        const p = Math.exp(logs[k]!);
        const isTaken = k === actions[row] ? 1 : 0;
        outputGradient[row * count + k] = by.logProbability * (isTaken - p) - by.entropy * p * (logs[k]! + entropy);
      }
    },
  };
}
