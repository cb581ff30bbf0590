import type { Scalar } from '@tensorflow/tfjs';

import { standardLoss, type TrainingBatch } from '../networks/training-loss.js';
import { sgdNesterov } from '../nn/optimizer.js';
import { parameterCount, type Parameter } from '../nn/parameter.js';
import { cosine } from '../nn/schedule.js';
import { trainSteps } from '../nn/train-loop.js';
import { resumeTraining, saveTraining } from '../nn/training-checkpoint.js';
import type { Repaired, TuningContext } from './baseline.js';
import { epochBatches, stepsPerEpoch, tuningPool, type TuningPool } from './tuning-pool.js';

export interface FineTuning {
  /** What is trained on; made by `tuningPool` where a method prepares something for each of its images. */
  readonly pool?: TuningPool;
  /** What is trained; the whole network unless given. */
  readonly parameters?: readonly Parameter[];
  /** Whether the passes are in training mode, and so move the running statistics; unless given, they are. */
  readonly movesStatistics?: boolean;
  /**
   * The loss of a batch, built inside the gradient's tape; cross entropy of mirrored and cut images unless given. Draws
   * come from children of the context's stream named by epoch and step, so that a resumed training draws the same.
   */
  readonly loss?: (batch: TrainingBatch) => Scalar;
  /** Makes what the loss of a batch needs beforehand, outside of the tape. @param indices places in the pool */
  readonly prepare?: (indices: Uint32Array) => Promise<void>;
}

/** As in all clean trainings here; the facts of the paper do not say how its compared methods train. */
const optimiser = { momentum: 0.9, weightDecay: 5e-4 };

type Epoch = Repaired['history'][number];

/**
 * Trains the deployed network on D_t and D_e from its clean weights: SGD with Nesterov's momentum, a cosine from the
 * budget's rate at every step down to 0. The last weights stay: nothing is chosen by a test. After every pass there is
 * a checkpoint, from which a killed run goes on to the same bytes.
 */
export async function fineTune(context: TuningContext, options: FineTuning = {}): Promise<Repaired> {
  const { engine, network, rng, budget, checkpoint, signal, emit } = context;
  const {
    pool = tuningPool(context),
    parameters = network.parameters,
    movesStatistics = true,
    prepare,
  } = options;
  const loss = options.loss ?? ((batch) => standardLoss(engine, network, batch, rng).loss);
  const perEpoch = stepsPerEpoch(pool, budget.batch);
  const steps = 'steps' in budget.length ? budget.length.steps : perEpoch * budget.length.epochs;
  const epochs = Math.ceil(steps / perEpoch);
  const optimizer = sgdNesterov(engine, parameters, optimiser);
  const history = await resumeTraining<Epoch>(engine, network, optimizer, checkpoint);
  if (history.length > 0) emit({ type: 'note', text: `goes on after epoch ${history.length}` });
  for (let epoch = history.length; epoch < epochs; epoch++) {
    const from = epoch * perEpoch;
    const batches = epochBatches(pool, budget, rng.child(`order/${epoch}`));
    const mean = await trainSteps({
      engine,
      parameters,
      optimizer,
      schedule: cosine(budget.learningRate, steps),
      from,
      to: Math.min(from + perEpoch, steps),
      signal,
      ...(prepare && { prepare: (step: number) => prepare(batches[step - from]!) }),
      loss: (step) => loss({ ...pool, indices: batches[step - from]!, epoch, step }),
      onStep: (step) =>
        emit({
          type: 'progress',
          done: step + 1,
          total: steps,
          unit: 'steps',
          label: `epoch ${epoch + 1}/${epochs}`,
        }),
    });
    history.push({ epoch: epoch + 1, loss: mean });
    emit({ type: 'metric', name: 'loss', value: mean, step: epoch + 1 });
    await saveTraining(engine, network, optimizer, history, checkpoint);
  }
  optimizer.dispose();
  const trained = parameterCount(parameters);
  return {
    samples: {
      failures: pool.labels.length - pool.trainCount,
      training: pool.trainCount,
      unlabeled: 0,
    },
    parameters: {
      trained,
      transferred: trained,
      buffers: movesStatistics ? parameterCount(network.buffers) : 0,
    },
    history,
  };
}
