import { type Call, pathsOf } from './traced.ts';

/** What strace calls `%network`, and a few that came later (man 2 syscalls). */
const NETWORK =
  /^(?:socket|socketpair|bind|connect|listen|accept4?|shutdown|send(?:to|m?msg)|recv(?:from|m?msg)|[gs]etsockopt|get(?:sock|peer)name|socketcall|vsock.*)$/;
const OPENS = /^(?:open|openat|openat2|creat)$/;
const FOR_WRITING = /\bO_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b/;
/** Those that name a file and leave the system as it is. */
const LOOKS =
  /^(?:open.*|access|faccessat2?|getcwd|l?stat(?:fs)?|statx|newfstatat|readlink(?:at)?|execve(?:at)?|chdir|l?(?:get|list)xattr|name_to_handle_at)$/;
const OF_PROCESSES = /^(?:fork|vfork|execve|execveat)$/;
const OF_THREADS = /^(?:clone3?|exit|exit_group|wait4|waitid|kill|tkill|tgkill|pidfd_.*|rt_sigqueueinfo)$/;

export const isOfNetwork = ({ name }: Call): boolean => NETWORK.test(name);

/** Whether it begins another program, or a copy of this one; a thread shares all with it (`CLONE_THREAD`). */
export function startsProcess({ name, args }: Call): boolean {
  return OF_PROCESSES.test(name) || (/^clone3?$/.test(name) && !args.includes('CLONE_THREAD'));
}

/**
 * The paths that a call makes, changes, names anew or removes, or would have. A call that names files in a way that is
 * not known here counts, so that none slips by.
 */
export function writtenBy(call: Call, cwd: string): readonly string[] {
  if (OPENS.test(call.name)) {
    return call.name === 'creat' || FOR_WRITING.test(call.args) ? pathsOf(call, cwd) : [];
  }
  const known = LOOKS.test(call.name) || OF_THREADS.test(call.name) || isOfNetwork(call);
  return known || call.name === 'io_uring_setup' ? [] : pathsOf(call, cwd);
}

/** The paths that a call opened. */
export function openedBy(call: Call, cwd: string): readonly string[] {
  return OPENS.test(call.name) && !call.result.startsWith('-1') ? pathsOf(call, cwd) : [];
}
