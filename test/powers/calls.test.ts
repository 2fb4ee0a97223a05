import { expect, it } from 'vitest';
import { isOfNetwork, openedBy, startsProcess, writtenBy } from './calls.ts';
import type { Call } from './traced.ts';

const call = (name: string, args = '', result = '0'): Call => ({ name, args, result });

it('knows what reaches a network', () => {
  for (const name of [
    'socket',
    'socketpair',
    'connect',
    'bind',
    'listen',
    'sendto',
    'sendmmsg',
    'recvfrom',
  ]) {
    expect([name, isOfNetwork(call(name))]).toEqual([name, true]);
  }
  for (const name of ['openat', 'sendfile', 'mkdir']) expect(isOfNetwork(call(name))).toBe(false);
});

it('tells a process from a thread', () => {
  expect(startsProcess(call('execve', '"/bin/true", ["true"]'))).toBe(true);
  expect(startsProcess(call('vfork'))).toBe(true);
  expect(startsProcess(call('clone', 'child_stack=NULL, flags=SIGCHLD'))).toBe(true);
  expect(startsProcess(call('clone3', '{flags=CLONE_VM|CLONE_THREAD}'))).toBe(false);
});

it('takes every call that names a file for one that changes it, unless it is known to look only', () => {
  const written = (name: string, args: string) => writtenBy(call(name, args), '/work');
  expect(written('openat', 'AT_FDCWD, "a", O_RDONLY')).toEqual([]);
  expect(written('openat', 'AT_FDCWD, "a", O_WRONLY|O_CREAT, 0600')).toEqual(['/work/a']);
  expect(written('openat', 'AT_FDCWD, "/x/../y", O_RDWR')).toEqual(['/y']);
  expect(written('creat', '"a", 0600')).toEqual(['/work/a']);
  expect(written('rename', '"a", "../b"')).toEqual(['/work/a', '/b']);
  for (const name of ['unlink', 'mkdir', 'symlink', 'chmod', 'truncate', 'mknod', 'some_new_call']) {
    expect([name, ...written(name, '"a"')]).toEqual([name, '/work/a']);
  }
  for (const name of ['statx', 'newfstatat', 'readlink', 'access']) expect(written(name, '"a"')).toEqual([]);
  expect(() => written('unlink', `"${'a'.repeat(9)}"...`)).toThrow('did not write in full');
});

it('counts as read what could be opened', () => {
  expect(openedBy(call('openat', 'AT_FDCWD, "a", O_RDONLY', '3'), '/work')).toEqual(['/work/a']);
  const missing = '-1 ENOENT (No such file or directory)';
  expect(openedBy(call('openat', 'AT_FDCWD, "a", O_RDONLY', missing), '/work')).toEqual([]);
});
