import { PickleProblem, PickleSource } from './source.js';

/** What a pickle may name: `module.attribute`, and what stands in for it. Nothing of Python is run. */
export interface PickleGlobal {
  /** What calling it gives. Without it the name may only be mentioned, as a storage type is. */
  readonly call?: (args: readonly unknown[]) => unknown;
  /** Gives a called object its state (Python's `__setstate__`). Without it, state is refused. */
  readonly setState?: (object: object, state: unknown) => void;
}

export interface PickleRules {
  /** All that may be named, by `module.attribute`. */
  readonly globals: Readonly<Record<string, PickleGlobal>>;
  /** What a persistent id stands for. Without it, such ids are refused. */
  readonly persistent?: (id: unknown) => unknown;
}

/** A name that the rules do not allow. */
export class ForbiddenGlobal extends Error {}

/** The stack machine that a pickle is a program for: it pushes values, collects them and makes objects of them. */
export class PickleMachine {
  readonly source: PickleSource;
  private stack: unknown[] = [];
  private readonly outer: unknown[][] = [];
  private readonly memo = new Map<number, unknown>();
  /** Which global made an object, for its state. */
  private readonly makers = new WeakMap<object, PickleGlobal>();
  private readonly names = new Map<unknown, string>();

  constructor(
    bytes: Uint8Array,
    private readonly rules: PickleRules,
  ) {
    this.source = new PickleSource(bytes);
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) throw new PickleProblem('it takes a value where there is none');
    return this.stack.pop();
  }

  top(): unknown {
    if (this.stack.length === 0) throw new PickleProblem('it takes a value where there is none');
    return this.stack.at(-1);
  }

  mark(): void {
    this.outer.push(this.stack);
    this.stack = [];
  }

  /** What was pushed since the mark. */
  popMark(): unknown[] {
    const items = this.stack;
    const before = this.outer.pop();
    if (!before) throw new PickleProblem('it takes a mark where there is none');
    this.stack = before;
    return items;
  }

  /** Discards a value, or the mark where nothing was pushed since. */
  discard(): void {
    if (this.stack.length === 0 && this.outer.length > 0) this.popMark();
    else this.pop();
  }

  remember(slot: number = this.memo.size): void {
    this.memo.set(slot, this.top());
  }

  recall(slot: number): void {
    if (!this.memo.has(slot)) throw new PickleProblem(`it recalls value ${slot}, which was never kept`);
    this.push(this.memo.get(slot));
  }

  find(module: unknown, attribute: unknown): PickleGlobal {
    if (typeof module !== 'string' || typeof attribute !== 'string')
      throw new PickleProblem('it names a global by something other than text');
    const name = `${module}.${attribute}`;
    if (!Object.hasOwn(this.rules.globals, name)) throw new ForbiddenGlobal(name);
    const found = this.rules.globals[name]!;
    this.names.set(found, name);
    return found;
  }

  call(callee: unknown, args: unknown): void {
    const name = this.names.get(callee);
    if (name === undefined) throw new PickleProblem('it calls something that is not a global');
    const global = callee as PickleGlobal;
    if (!global.call) throw new PickleProblem(`it calls ${name}, which is only a name here`);
    if (!Array.isArray(args)) throw new PickleProblem(`it calls ${name} without a tuple of arguments`);
    const made = global.call(args);
    if (typeof made === 'object' && made !== null) this.makers.set(made, global);
    this.push(made);
  }

  /** Gives the object below the top the state on top. */
  build(): void {
    const state = this.pop();
    const object = this.top();
    const maker = typeof object === 'object' && object !== null ? this.makers.get(object) : undefined;
    if (!maker?.setState) throw new PickleProblem('it gives a state to a value that takes none');
    maker.setState(object as object, state);
  }

  persistent(id: unknown): void {
    if (!this.rules.persistent) throw new PickleProblem('it refers to something outside of itself');
    this.push(this.rules.persistent(id));
  }
}
