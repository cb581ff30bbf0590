import type { Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { joinModules, type Layer } from './parameter.js';

/**
 * Layers one after the other. A map is freed as soon as the next is there, so an inference pass holds two of them and
 * what one layer makes inside; in training the gradient's tape keeps what it needs.
 */
export function sequential({ tf }: Engine, layers: readonly Layer<Tensor4D>[]): Layer<Tensor4D> {
  return {
    ...joinModules(layers),
    forward: (x, mode) =>
      layers.reduce((map, layer) => {
        const next = tf.tidy(() => layer.forward(map, mode));
        if (map !== x && map !== next) map.dispose(); // a layer may give back what it got
        return next;
      }, x),
  };
}
