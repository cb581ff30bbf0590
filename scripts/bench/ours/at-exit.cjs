/**
 * Loaded in front of the command and of its workers, which take over their parent's options: each writes down at its end
 * what it used. Only a process itself can say that in Node.
 */
const { appendFileSync } = require('node:fs');
const process = require('node:process');

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const line = JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1024 });
  appendFileSync(process.env.PATCHNAS_BENCH_USAGE, `${line}\n`);
});
