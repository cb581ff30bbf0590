import type { PickleMachine } from './machine.js';
import { exact, PickleProblem } from './source.js';

type Run = (machine: PickleMachine) => void;

/** What each opcode does, by its byte; CPython's `pickletools` tells what they mean. STOP is not among them. */
export const opcodes: ReadonlyMap<number, Run> = new Map(
  Object.entries<Run>({
    // Numbers, texts and bytes.
    N: (m) => m.push(null),
    '\x88': (m) => m.push(true),
    '\x89': (m) => m.push(false),
    I: (m) => m.push(decimal(m.source.line())),
    J: (m) => m.push(m.source.int32()),
    K: (m) => m.push(m.source.uint8()),
    M: (m) => m.push(m.source.uint16()),
    L: (m) => m.push(decimal(m.source.line().replace(/L$/, ''))),
    '\x8a': (m) => m.push(m.source.integer(m.source.uint8())),
    '\x8b': (m) => m.push(m.source.integer(m.source.int32())),
    F: (m) => m.push(Number(m.source.line().replace('inf', 'Infinity'))),
    G: (m) => m.push(m.source.float64()),
    S: (m) => m.push(quoted(m.source.line())),
    T: (m) => m.push(m.source.latin1(m.source.int32())),
    U: (m) => m.push(m.source.latin1(m.source.uint8())),
    V: (m) => m.push(rawUnicode(m.source.line())),
    X: (m) => m.push(m.source.utf8(m.source.uint32())),
    '\x8c': (m) => m.push(m.source.utf8(m.source.uint8())),
    '\x8d': (m) => m.push(m.source.utf8(m.source.uint64())),
    B: (m) => m.push(m.source.raw(m.source.uint32())),
    C: (m) => m.push(m.source.raw(m.source.uint8())),
    '\x8e': (m) => m.push(m.source.raw(m.source.uint64())),
    '\x96': (m) => m.push(m.source.raw(m.source.uint64())),

    // Containers.
    '(': (m) => m.mark(),
    '0': (m) => m.discard(),
    '1': (m) => void m.popMark(),
    '2': (m) => m.push(m.top()),
    ')': (m) => m.push([]),
    '\x85': (m) => m.push([m.pop()]),
    '\x86': (m) => m.push([m.pop(), m.pop()].reverse()),
    '\x87': (m) => m.push([m.pop(), m.pop(), m.pop()].reverse()),
    t: (m) => m.push(m.popMark()),
    ']': (m) => m.push([]),
    l: (m) => m.push(m.popMark()),
    a: (m) => extend(m, [m.pop()]),
    e: (m) => extend(m, m.popMark()),
    '}': (m) => m.push(new Map()),
    d: (m) => {
      const items = m.popMark();
      m.push(new Map());
      assign(m, items);
    },
    s: (m) => assign(m, [m.pop(), m.pop()].reverse()),
    u: (m) => assign(m, m.popMark()),
    '\x8f': (m) => m.push(new Set()),
    '\x90': (m) => {
      const items = m.popMark();
      const set = m.top();
      if (!(set instanceof Set)) throw new PickleProblem('it adds to something that is not a set');
      for (const item of items) set.add(item);
    },
    '\x91': (m) => m.push(new Set(m.popMark())),

    // Values that come again.
    p: (m) => m.remember(Number(m.source.line())),
    q: (m) => m.remember(m.source.uint8()),
    r: (m) => m.remember(m.source.uint32()),
    '\x94': (m) => m.remember(),
    g: (m) => m.recall(Number(m.source.line())),
    h: (m) => m.recall(m.source.uint8()),
    j: (m) => m.recall(m.source.uint32()),

    // Globals, and objects that they make.
    c: (m) => m.push(m.find(m.source.line(), m.source.line())),
    '\x93': (m) => {
      const [attribute, module] = [m.pop(), m.pop()];
      m.push(m.find(module, attribute));
    },
    i: (m) => {
      const global = m.find(m.source.line(), m.source.line());
      m.call(global, m.popMark());
    },
    o: (m) => {
      const [global, ...args] = m.popMark();
      m.call(global, args);
    },
    R: (m) => callOnTop(m),
    '\x81': (m) => callOnTop(m),
    '\x92': (m) => {
      const named = m.pop();
      if (!(named instanceof Map && named.size === 0))
        throw new PickleProblem('it calls with named arguments');
      callOnTop(m);
    },
    b: (m) => m.build(),
    P: (m) => m.persistent(m.source.line()),
    Q: (m) => m.persistent(m.pop()),

    // Framing.
    '\x80': (m) => {
      const protocol = m.source.uint8();
      if (protocol > 5) throw new PickleProblem(`it is of protocol ${protocol}, and 5 is the last known one`);
    },
    '\x95': (m) => void m.source.uint64(),
  }).map(([character, run]) => [character.charCodeAt(0), run]),
);

function callOnTop(m: PickleMachine): void {
  const [args, callee] = [m.pop(), m.pop()];
  m.call(callee, args);
}

function extend(m: PickleMachine, items: readonly unknown[]): void {
  const list = m.top();
  if (!Array.isArray(list)) throw new PickleProblem('it appends to something that is not a list');
  for (const item of items) list.push(item);
}

/** @param items key, value, key, value … */
function assign(m: PickleMachine, items: readonly unknown[]): void {
  const dict = m.top();
  if (!(dict instanceof Map)) throw new PickleProblem('it sets items of something that is not a dict');
  if (items.length % 2 !== 0) throw new PickleProblem('it sets a key without a value');
  for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
}

/** `01` and `00` are how protocol 0 writes True and False. */
function decimal(text: string): number | bigint | boolean {
  if (text === '01' || text === '00') return text === '01';
  if (!/^-?\d+$/.test(text)) throw new PickleProblem(`it has the whole number "${text.slice(0, 20)}"`);
  return exact(BigInt(text));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** A Python text literal in quotes. */
function quoted(text: string): string {
  const [, , inside] = /^(['"])(.*)\1$/s.exec(text) ?? [];
  if (inside === undefined) throw new PickleProblem('it has a text without quotes');
  return inside.replace(/\\(x([0-9a-f]{2})|.)/gis, (_, letter: string, hex: string | undefined) =>
    hex === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(parseInt(hex, 16)),
  );
}

function rawUnicode(text: string): string {
  return text.replace(
    /\\u([0-9a-fA-F]{4})|\\U(00[01][0-9a-fA-F]{5})/g,
    (whole, short?: string, long?: string) => {
      const code = parseInt((short ?? long)!, 16);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    },
  );
}
