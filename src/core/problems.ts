import { DataError } from './errors.js';

/** A message must stay readable where all of 100,000 images are bad. */
const mostNamed = 20;

interface Refusal {
  /** What is wrong with all of them. */
  readonly message: string;
  readonly code: string;
  readonly where: string;
  readonly fix: string;
}

/** @throws {DataError} that names all problems, up to 20 of them, when there is any */
export function requireNone(problems: readonly string[], { message, ...details }: Refusal): void {
  if (problems.length === 0) return;
  const named = problems.slice(0, mostNamed);
  const rest = problems.length - named.length;
  const lines = [...named, ...(rest > 0 ? [`and ${rest} more`] : [])];
  throw new DataError([message, ...lines].join('\n  '), details);
}

/** What the system says of a file that it cannot read, such as "permission denied". */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    EACCES: 'no permission to read it',
    EPERM: 'no permission to read it',
    EISDIR: 'a folder, not a file',
    EIO: 'the disk cannot read it',
    ELOOP: 'a link to itself',
  };
  return words[code ?? ''] ?? message.split('\n')[0]!;
}
