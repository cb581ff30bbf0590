import { DataError } from '../errors.js';
import { ForbiddenGlobal, PickleMachine, type PickleRules } from './machine.js';
import { opcodes } from './opcodes.js';
import { PickleProblem } from './source.js';

export interface PickleFile extends PickleRules {
  /** Which file it is, for the messages. */
  readonly path: string;
  /** What a person can do when the file names something else than `globals`. */
  readonly fix: string;
}

const stop = '.'.charCodeAt(0);

/**
 * Reads a Python pickle of any protocol up to 5 without Python. It can only build plain values and what `globals`
 * allows; the first other name ends it, before anything is called.
 *
 * None, bool, int, float and str become null, boolean, number (bigint where a number would lose digits), number and
 * string; bytes and bytearray become a Uint8Array, and texts of Python 2 a string of one character a byte; list and
 * tuple become an array, dict a Map, set and frozenset a Set.
 * @param rules `globals` may throw RangeError with what is wrong in their arguments, and should expect any values
 * @throws {DataError} PN370 the pickle names a global that is not allowed, PN371 it is damaged or no pickle
 */
export function unpickle(bytes: Uint8Array, { path, fix, ...rules }: PickleFile): unknown {
  const machine = new PickleMachine(bytes, rules);
  for (;;) {
    const at = machine.source.offset;
    try {
      const opcode = machine.source.uint8();
      if (opcode === stop) return machine.pop();
      const run = opcodes.get(opcode);
      if (!run)
        throw new PickleProblem(`it has the unknown opcode 0x${opcode.toString(16).padStart(2, '0')}`);
      run(machine);
    } catch (error) {
      const where = `${path}, byte ${at}`;
      if (error instanceof ForbiddenGlobal) {
        throw new DataError(`the pickle names ${error.message}, which is not allowed; nothing was run`, {
          code: 'PN370',
          where,
          fix,
        });
      }
      if (error instanceof PickleProblem || error instanceof RangeError) {
        throw new DataError(`the pickle cannot be read: ${error.message}`, {
          code: 'PN371',
          where,
          fix: 'Copy it or make it again: it is damaged, or not what it seems.',
          cause: error,
        });
      }
      throw error;
    }
  }
}
