import { EngineError } from '../core/errors.js';
import { otherWay } from './platform.js';
import { runTool } from './run-tool.js';

/** A program that making an engine needs. */
export interface Tool {
  readonly name: 'Python 3' | 'pip' | 'C++ compiler' | 'npm';
  readonly command: string;
  readonly args: readonly string[];
  /** Its version, undefined where it is missing. */
  readonly version: string | undefined;
}

const wanted: readonly Omit<Tool, 'version'>[] = [
  { name: 'Python 3', command: 'python3', args: ['--version'] },
  { name: 'pip', command: 'python3', args: ['-m', 'pip', '--version'] },
  { name: 'C++ compiler', command: 'g++', args: ['--version'] },
  { name: 'npm', command: 'npm', args: ['--version'] },
];

/** Asks each program for its version. */
export async function findTools(): Promise<Tool[]> {
  return Promise.all(
    wanted.map(async (tool) => {
      const { code, stdout } = await runTool(tool.command, tool.args);
      const line = stdout.split('\n')[0]!;
      return { ...tool, version: code === 0 ? (/\d+(\.\d+)+/.exec(line)?.[0] ?? line) : undefined };
    }),
  );
}

/** @throws {EngineError} PN401 that names all missing programs at once and how to install them. */
export function requireTools(tools: readonly Tool[]): void {
  const missing = tools.filter(({ version }) => version === undefined).map(({ name }) => name);
  if (missing.length === 0) return;
  throw new EngineError(`the engine cannot be made without ${missing.join(', ')}`, {
    code: 'PN401',
    fix: `${installText}\n${otherWay}`,
  });
}

export const installText = [
  'Debian, Ubuntu:  apt-get install python3 python3-pip g++',
  'Fedora, RHEL:    dnf install python3 python3-pip gcc-c++',
  'npm comes with Node.',
].join('\n');
