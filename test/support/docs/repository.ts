import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** All files that git keeps, also in a checkout that belongs to another user. */
export function trackedFiles(): string[] {
  const listed = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z'], { encoding: 'utf8' });
  return listed.split('\0').filter((file) => file !== '');
}

/** The pages for people, with their texts. */
export function pages(): { file: string; text: string }[] {
  return trackedFiles()
    .filter((file) => file.endsWith('.md') && !file.startsWith('test/'))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}
