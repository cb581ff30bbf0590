import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * A worker process of one row and side. It prints a line of JSON when it is ready, then answers each line on its input,
 * "warm" or "round", with one: { seconds, cpuSeconds, peakBytes } of what it did, and `parts` where there are any.
 */
export async function startSide(command, args, env = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2000)));
  child.stdin.on('error', () => undefined); // it has ended: the answer that does not come says so
  const ended = new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', (error) => {
      said += error.message;
      resolve(undefined);
    });
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await answers.next();
    if (!done) return JSON.parse(value);
    const code = await ended;
    throw new Error(`${command} ${args[0]} ended with ${code}:\n${said.trim()}`);
  };
  const ask = (line) => {
    child.stdin.write(`${line}\n`);
    return next();
  };
  const end = async () => {
    child.stdin.end();
    await ended;
  };
  try {
    return { ready: await next(), warm: () => ask('warm'), round: () => ask('round'), end };
  } catch (error) {
    await end();
    throw error;
  }
}
