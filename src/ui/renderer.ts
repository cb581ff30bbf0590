import type { Event } from '../core/events.js';
import { JsonRenderer } from './json.js';
import { PlainRenderer } from './plain.js';

/** Shows events to a person or a program. */
export interface Renderer {
  show(event: Event): void;
  /** Gives the terminal back; nothing is shown after it. */
  end(): Promise<void>;
}

export const rendererNames = ['auto', 'listr', 'plain', 'json'] as const;
export type RendererName = (typeof rendererNames)[number];

/** What a renderer is chosen by. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream;
  /** Whether stdout must carry the command's `--json` result and nothing else. */
  readonly isJson: boolean;
}

/**
 * Which renderer `auto` is: the moving one on a terminal, plain lines everywhere else. CI wins over a terminal, since
 * a pseudo-terminal there prints a spinner as thousands of lines.
 */
export function chooseRenderer(
  name: RendererName,
  {
    env,
    stderr,
  }: Pick<Surroundings, 'env'> & { readonly stderr: { readonly isTTY?: boolean; readonly columns?: number } },
): Exclude<RendererName, 'auto'> {
  // Some pseudo-terminals say that they are no characters wide: nothing can be drawn on those.
  const isTerminal = stderr.isTTY === true && (stderr.columns ?? 0) > 0;
  if (name !== 'auto') return name === 'listr' && !isTerminal ? 'plain' : name;
  const isCi = env.CI !== undefined && env.CI !== '' && env.CI !== 'false' && env.CI !== '0';
  return isTerminal && !isCi && env.TERM !== 'dumb' ? 'listr' : 'plain';
}

/** Events go to stderr; as JSON lines to stdout, unless `--json` needs that. */
export async function createRenderer(name: RendererName, around: Surroundings): Promise<Renderer> {
  switch (chooseRenderer(name, around)) {
    case 'json':
      return new JsonRenderer(around.isJson ? around.stderr : around.stdout);
    case 'plain':
      return new PlainRenderer(around.stderr);
    case 'listr': {
      const { ListrRenderer } = await import('./listr.js');
      return new ListrRenderer(around.stderr);
    }
  }
}
