import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { bySize, type HostileCase } from './case.ts';

/** What lies where files are expected. */
export const PATH_CASES: readonly HostileCase[] = [
  {
    name: 'special-files',
    what: 'pipes, devices and links to them in a folder',
    write: (folder) => {
      execFileSync('mkfifo', [join(folder, 'pipe.json')]);
      symlinkSync('/dev/zero', join(folder, 'zero.json'));
      symlinkSync('/dev/stdin', join(folder, 'stdin.json'));
      symlinkSync('/proc/kmsg', join(folder, 'kernel.json'));
      symlinkSync(join(folder, 'pipe.json'), join(folder, 'linked.json'));
    },
    seconds: 30,
    megabytes: 300,
    exit: 3,
    says: /device, pipe or socket inside a folder is not read/,
  },
  {
    name: 'link-loops',
    what: 'links to themselves, to each other and to folders above',
    write: (folder) => {
      symlinkSync('self.json', join(folder, 'self.json'));
      symlinkSync('b.json', join(folder, 'a.json'));
      symlinkSync('a.json', join(folder, 'b.json'));
      mkdirSync(join(folder, 'x'));
      for (const name of ['up', 'again']) symlinkSync('..', join(folder, 'x', name));
    },
    seconds: 30,
    megabytes: 300,
    exit: 3,
    says: /points to itself/,
  },
  {
    name: 'folders-deep',
    what: '1,000 folders in each other',
    write: (folder, size) => {
      let path = folder;
      for (let level = 0; level < bySize(size, 1_000, 200); level++) {
        path = join(path, 'd');
        mkdirSync(path);
      }
    },
    seconds: 60,
    megabytes: 300,
    exit: 0,
    says: null,
  },
];
