import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../../src/core/errors.js';
import type { PickleGlobal, PickleRules } from '../../../../src/core/pickle/machine.js';
import { unpickle } from '../../../../src/core/pickle/unpickle.js';

const golden = (file: string) =>
  readFile(fileURLToPath(new URL(`../../../golden/pickle/${file}`, import.meta.url)));

/** A pickle written out: texts are one byte a character. */
const read = (text: string, rules: Partial<PickleRules> = {}): unknown =>
  unpickle(Buffer.from(text, 'latin1'), { path: 'x.pkl', fix: 'Ask for less.', globals: {}, ...rules });

function refusal(text: string, rules: Partial<PickleRules> = {}): string {
  try {
    read(text, rules);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return formatError(error);
  }
  throw new Error('it was read');
}

/** What protocols below 3 call to make values that they have no opcode for. */
const builtins: Record<string, PickleGlobal> = {
  '_codecs.encode': { call: ([text]) => new Uint8Array(Buffer.from(text as string, 'latin1')) },
  '__builtin__.bytearray': { call: ([bytes]) => bytes },
  '__builtin__.set': { call: ([items]) => new Set(items as unknown[]) },
  '__builtin__.frozenset': { call: ([items]) => new Set(items as unknown[]) },
};

/** The value of scripts/pytorch-files.py. */
const expected = new Map<unknown, unknown>([
  ['none', null],
  ['booleans', [true, false]],
  [
    'whole',
    [0, -1, 255, 256, 65535, 65536, -(2 ** 31), 2 ** 53 - 1, -(2n ** 53n), 2n ** 70n, -(2n ** 2100n)],
  ],
  ['floats', [0.1, -2.5e300, Infinity, -Infinity]],
  ['texts', ['', 'a\'b"c\\d\n', 'é€😀', 'x'.repeat(300)]],
  ['bytes', Uint8Array.from([...Array(256).keys(), ...Array<number>(300).fill(0)])],
  ['bytearray', Uint8Array.of(97, 98)],
  ['tuples', [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]],
  ['many', [...Array(1100).keys()]],
  ['set', new Set([7])],
  ['frozen', new Set([8])],
  [3, new Map()],
]);

describe('what Python wrote', () => {
  it.each([0, 1, 2])('in protocol %i, with what it calls for bytes and sets', async (protocol) => {
    const bytes = await golden(`protocol-${protocol}.pkl`);
    check(unpickle(bytes, { path: 'x', fix: '', globals: builtins }));
  });

  it.each([3, 4, 5])('in protocol %i', async (protocol) => {
    const globals = protocol === 3 ? withPython3Names : protocol === 4 ? onlyBytearray : {};
    check(unpickle(await golden(`protocol-${protocol}.pkl`), { path: 'x', fix: '', globals }));
  });

  const onlyBytearray = { 'builtins.bytearray': builtins['__builtin__.bytearray']! };
  const withPython3Names = {
    ...onlyBytearray,
    'builtins.set': builtins['__builtin__.set']!,
    'builtins.frozenset': builtins['__builtin__.frozenset']!,
  };

  function check(value: unknown): void {
    const map = value as Map<unknown, unknown>;
    expect(map.get('again')).toBe(map.get('tuples'));
    expect(map.get('itself')).toBe(map);
    map.delete('again');
    map.delete('itself');
    expect(map).toEqual(expected);
  }
});

describe('Python 2', () => {
  it('has texts of bytes, one character each', () => {
    expect(read("(dp1\nS'na\\x6de'\np2\nS\"it's\\n\"\nsS'n'\nL3L\nsI01\nI00\ns.")).toEqual(
      new Map<unknown, unknown>([
        ['name', "it's\n"],
        ['n', 3],
        [true, false],
      ]),
    );
    expect(read('\x80\x02}q\x01U\x04dataT\x03\0\0\0\xffa\0s.')).toEqual(new Map([['data', 'ÿa\0']]));
  });

  /** As the python files of CIFAR-10 hold their images. */
  it('has arrays of NumPy, for a table that knows them', () => {
    class Grid {
      shape: unknown;
      bytes = '';
    }
    const globals: Record<string, PickleGlobal> = {
      'numpy.core.multiarray._reconstruct': { call: () => new Grid(), setState: setGrid },
      'numpy.ndarray': {},
      'numpy.dtype': { call: ([name]) => ({ name }), setState: () => undefined },
    };
    function setGrid(grid: object, state: unknown): void {
      const [, shape, , , bytes] = state as unknown[];
      Object.assign(grid, { shape, bytes });
    }
    const array =
      '\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\0\x85U\x01b\x87R' +
      '(K\x01K\x02K\x03\x86cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb' +
      '\x89U\x06abcdeftb.';
    expect(read(array, { globals })).toEqual(Object.assign(new Grid(), { shape: [2, 3], bytes: 'abcdef' }));
  });
});

describe('a name that is not in the table', () => {
  const said = (name: string, byte: number) =>
    `PN370 the pickle names ${name}, which is not allowed; nothing was run\n  at x.pkl, byte ${byte}\n  Ask for less.`;
  const called: unknown[] = [];
  const globals: Record<string, PickleGlobal> = {
    'a.make': { call: (args) => called.push(args) },
    'a.Name': {},
  };

  it.each([
    ['GLOBAL', "cos\nsystem\n(S'touch was-here'\ntR.", 'os.system', 0],
    ['STACK_GLOBAL', '\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02ls\x85R.', 'os.system', 14],
    [
      'STACK_GLOBAL of texts that came before',
      '\x80\x04\x8c\x06system\x94\x8c\x02os\x94h\x01h\0\x93)R.',
      'os.system',
      20,
    ],
    ['INST', "(S'ls'\nios\nsystem\n.", 'os.system', 7],
    ['OBJ', '(cos\nsystem\nU\x02lso.', 'os.system', 1],
    ['NEWOBJ', '\x80\x02csubprocess\nPopen\nU\x02ls\x85\x81.', 'subprocess.Popen', 2],
    ['a module path', '\x80\x02cos.path\n__builtins__\n.', 'os.path.__builtins__', 2],
    ['an attribute path', '\x80\x04\x8c\x01a\x8c\x0dmake.__init__\x93.', 'a.make.__init__', 20],
    ['a property of every object', 'cconstructor\n\n.', 'constructor.', 0],
    ['one after allowed ones', 'ca\nmake\nceval\neval\n.', 'eval.eval', 8],
  ])('%s', (_case, text, name, byte) => {
    expect(refusal(text, { globals })).toBe(said(name, byte));
    expect(called).toEqual([]);
  });
});

describe('a trick', () => {
  const globals: Record<string, PickleGlobal> = {
    'a.make': { call: () => ({}) },
    'a.Name': {},
    'a.number': { call: () => 7, setState: () => undefined },
    'a.strict': {
      call: () => {
        throw new RangeError('two things are needed');
      },
    },
  };

  it.each([
    ['to call a text', "S'os.system'\n(tR.", 'it calls something that is not a global', 15],
    ['to call a dict', '}(tR.', 'it calls something that is not a global', 3],
    ['to call what is only a name', 'ca\nName\n(tR.', 'it calls a.Name, which is only a name here', 10],
    ['to call without a tuple', 'ca\nmake\n}R.', 'it calls a.make without a tuple of arguments', 9],
    ['to call with named arguments', 'ca\nmake\n)}K\x01K\x02s\x92.', 'it calls with named arguments', 15],
    [
      'to give a dict a state',
      "}}S'__setstate__'\nca\nmake\nsb.",
      'it gives a state to a value that takes none',
      27,
    ],
    ['to give a made object a state', 'ca\nmake\n)R}b.', 'it gives a state to a value that takes none', 11],
    ['to give a name a state', 'ca\nName\n}b.', 'it gives a state to a value that takes none', 9],
    ['to give a number a state', 'ca\nnumber\n)R}b.', 'it gives a state to a value that takes none', 13],
    ['to use the registry of extensions', '\x80\x02\x82\x01.', 'it has the unknown opcode 0x82', 2],
    ['to take bytes from outside', '\x80\x05\x97.', 'it has the unknown opcode 0x97', 2],
    ['to refer outside', "S'x'\nQ.", 'it refers to something outside of itself', 5],
    ['to refer outside in text', 'Px\n.', 'it refers to something outside of itself', 0],
    ['to name a global by numbers', 'K\x01K\x02\x93.', 'it names a global by something other than text', 4],
    ['to call with what a stand-in refuses', 'ca\nstrict\n)R.', 'two things are needed', 11],
  ])('%s is refused', (_case, text, what, byte) => {
    expect(refusal(text, { globals })).toBe(
      `PN371 the pickle cannot be read: ${what}\n  at x.pkl, byte ${byte}\n` +
        '  Copy it or make it again: it is damaged, or not what it seems.',
    );
  });

  it('with a key such as __proto__ changes no other object', () => {
    const value = read("}S'__proto__'\n}S'polluted'\nI1\nsS'constructor'\nI2\nss.");
    expect([...(value as Map<unknown, unknown>).keys()]).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a damaged pickle', () => {
  it.each([
    ['nothing', '', 'it ends after 0 of 1 bytes', 0],
    ['no end', 'N', 'it ends after 0 of 1 bytes', 1],
    ['an end without a value', '.', 'it takes a value where there is none', 0],
    ['a text that is cut off', 'U\x05abc', 'it ends after 3 of 5 bytes', 0],
    [
      'more bytes than there can be',
      '\x8e\xff\xff\xff\xff\xff\xff\xff\x7f',
      'it ends after 0 of 9223372036854776000 bytes',
      0,
    ],
    ['fewer bytes than none', 'T\xff\xff\xff\xff', 'it declares -1 bytes', 0],
    ['a line without end', 'I12', 'it ends inside a line', 0],
    ['a number of letters', 'Iab\n.', 'it has the whole number "ab"', 0],
    ['a text without quotes', 'Sab\n.', 'it has a text without quotes', 0],
    ['a mark that is not there', 't.', 'it takes a mark where there is none', 0],
    ['a value that was never kept', 'h\x05.', 'it recalls value 5, which was never kept', 0],
    ['a list that is none', 'NNa.', 'it appends to something that is not a list', 2],
    ['a dict that is none', 'NNNs.', 'it sets items of something that is not a dict', 3],
    ['a set that is none', 'N(N\x90.', 'it adds to something that is not a set', 3],
    ['a key without a value', '}(Nu.', 'it sets a key without a value', 3],
    ['a protocol to come', '\x80\x06N.', 'it is of protocol 6, and 5 is the last known one', 0],
    ['something else', '<!DOCTYPE html>', 'it has the unknown opcode 0x3c', 0],
  ])('%s', (_case, text, what, byte) => {
    expect(refusal(text)).toBe(
      `PN371 the pickle cannot be read: ${what}\n  at x.pkl, byte ${byte}\n` +
        '  Copy it or make it again: it is damaged, or not what it seems.',
    );
  });

  it('and an error of our own is not called damage', () => {
    const globals = {
      'a.bug': {
        call: () => {
          throw new TypeError('ours');
        },
      },
    };
    expect(() => read('ca\nbug\n)R.', { globals })).toThrow(TypeError);
  });
});
