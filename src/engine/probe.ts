import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a process of its own found when it loaded an engine. */
export type Probe = Outcome & {
  /** What was said on stderr meanwhile, such as CUDA libraries that TensorFlow misses. */
  readonly complaints: string;
};

/** What `probe-main.ts` sends. */
type Outcome =
  | {
      readonly loads: true;
      /** The device that TensorFlow really used. */
      readonly device: 'cpu' | 'gpu';
      readonly tensorflow: string;
      readonly tfjs: string;
      /** Kernels that do not work here, one line each. */
      readonly problems: readonly string[];
    }
  | { readonly loads: false; readonly reason: string };

const entry = fileURLToPath(new URL('./probe-main.js', import.meta.url));

/** Loads the engine in a process of its own and tries every kernel: a crash of native code ends only that process. */
export function probeEngine(engineDir: string, signal?: AbortSignal): Promise<Probe> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, [engineDir], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '1' }, // warnings say which library is missing
      ...(signal && { signal }),
    });
    let errors = '';
    let message: Outcome | undefined;
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('message', (value) => (message = value as Outcome));
    child.on('error', reject);
    child.on('close', (code, killer) => {
      const complaints = complaintsOf(errors);
      resolve({
        ...(message ?? { loads: false, reason: `ended by ${killer ?? `code ${code}`}` }),
        complaints,
      });
    });
  });
}

/** The last lines without the banner that the log library always writes. */
function complaintsOf(text: string): string {
  return text
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('I0000') && !line.startsWith('WARNING: All log messages before'))
    .slice(-12)
    .join('\n');
}

/** What is wrong, for an error message. */
export function describeProbe(probe: Probe): string {
  return [...(probe.loads ? probe.problems : [probe.reason]), probe.complaints].join('\n').trim();
}
