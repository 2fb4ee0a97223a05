// Loaded before the program: writes down, when it ends, the most memory that it ever held. What getrusage(2) says would begin
// with the memory of the process that started it.
import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

function peak() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

const file = process.env.TRUSTSIEVE_PEAK;
if (isMainThread && file !== undefined) process.on('exit', () => writeFileSync(file, String(peak())));
