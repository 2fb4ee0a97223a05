import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandOf, endProcess, parentOf, pidsWhere } from './processes.ts';
import { until } from './until.ts';

const NODES = ['n1', 'n2'] as const;
export type NodeName = (typeof NODES)[number];

export interface Job {
  readonly id: string;
  /** As Slurm names it, such as `RUNNING`. */
  readonly state: string;
  readonly node: string;
}

/** A Slurm of its own: key, controller and two nodes on this machine, which know of nothing outside `folder`. */
export class SlurmCluster {
  /** What its commands run with, and through them its jobs. */
  readonly env: NodeJS.ProcessEnv;
  readonly #daemons = new Map<string, ChildProcess>();
  readonly #folder: string;
  readonly #root: string;
  readonly #plugins: string;
  #stopped = false;

  /** `root` is where the packages were unpacked. */
  constructor(folder: string, root: string) {
    this.#folder = folder;
    this.#root = root;
    const libraries = readdirSync(join(root, 'usr/lib'))
      .map((name) => join(root, 'usr/lib', name))
      .filter((path) => existsSync(join(path, 'slurm-wlm')));
    if (libraries[0] === undefined) throw new Error(`no plugins of Slurm below ${root}`);
    this.#plugins = join(libraries[0], 'slurm-wlm');
    this.env = {
      PATH: `${join(root, 'usr/bin')}:${process.env['PATH'] ?? ''}`,
      LD_LIBRARY_PATH: `${libraries[0]}:${this.#plugins}`,
      SLURM_CONF: join(folder, 'slurm.conf'),
      HOME: folder,
      TMPDIR: join(folder, 'scratch'),
    };
  }

  async start(): Promise<void> {
    for (const name of ['state', 'munge', 'scratch', 'log', ...NODES]) {
      mkdirSync(join(this.#folder, name), { mode: 0o700 });
    }
    writeFileSync(join(this.#folder, 'slurm.conf'), await this.#configuration());
    const munge = (name: string): string => join(this.#folder, 'munge', name);
    await this.#run('usr/sbin/mungekey', '--create', `--keyfile=${munge('key')}`);
    const files = ['key', 'pid', 'seed', 'log'].map((name) => `--${name}-file=${munge(name)}`);
    // By force, because everybody may write to the folder above, /tmp.
    this.#daemon(
      'munged',
      'usr/sbin/munged',
      '--foreground',
      '--force',
      ...files,
      `--socket=${munge('socket')}`,
    );
    await until('munged listens', () => existsSync(munge('socket')));
    this.#daemon('slurmctld', 'usr/sbin/slurmctld-wlm', '-D');
    const step = join(this.#root, 'usr/sbin/slurmstepd-wlm');
    for (const node of NODES) this.#daemon(node, 'usr/sbin/slurmd-wlm', '-D', '-N', node, '-d', step);
    await until('both nodes are idle', async () => {
      const states = await this.command('sinfo', '--noheader', '--Node', '--format=%T').catch(() => '');
      return states.split('\n').filter((state) => state === 'idle').length === NODES.length;
    });
  }

  /** What a command of Slurm prints. */
  command(name: string, ...args: readonly string[]): Promise<string> {
    return this.#run(join('usr/bin', name), ...args);
  }

  /** What waits or runs. */
  async jobs(): Promise<readonly Job[]> {
    const lines = await this.command('squeue', '--noheader', '--array', '--format=%A %T %N');
    return lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [id = '', state = '', node = ''] = line.split(' ');
        return { id, state, node };
      });
  }

  /** The command lines of what jobs run on a node. */
  commandsOf(node: NodeName): readonly (readonly string[])[] {
    return this.#processesOf(node).map(commandOf);
  }

  /** Kills the node's daemon, so that it cannot tell the controller, and then all that its jobs consist of. */
  async kill(node: NodeName): Promise<readonly number[]> {
    const daemon = this.#daemons.get(node);
    if (daemon !== undefined) await kill(daemon);
    const pids = this.#processesOf(node);
    for (const pid of pids) endProcess(pid);
    return pids;
  }

  /** Ends everything that was started here, whatever became of it; nothing starts any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const node of NODES) await this.kill(node);
    for (const daemon of [...this.#daemons.values()].toReversed()) await kill(daemon);
  }

  #processesOf(node: NodeName): readonly number[] {
    const own = [`SLURMD_NODENAME=${node}`, `SLURM_CONF=${this.env['SLURM_CONF']}`];
    const jobs = pidsWhere('environ', (words) => own.every((word) => words.includes(word)));
    // The daemon of a step writes its title over its environment.
    const parents = new Set(jobs.map(parentOf));
    const steps = pidsWhere('cmdline', ([title = '']) => title.includes('slurmstepd'));
    return [...steps.filter((pid) => parents.has(pid)), ...jobs];
  }

  #daemon(name: string, program: string, ...args: readonly string[]): void {
    if (this.#stopped) throw new Error('the cluster was stopped');
    const log = openSync(join(this.#folder, 'log', `${name}.out`), 'a', 0o600);
    const env = { ...this.env };
    this.#daemons.set(name, spawn(join(this.#root, program), args, { env, stdio: ['ignore', log, log] }));
    closeSync(log);
  }

  async #run(program: string, ...args: readonly string[]): Promise<string> {
    return (await promisify(execFile)(join(this.#root, program), args, { env: this.env })).stdout;
  }

  async #configuration(): Promise<string> {
    const { username } = userInfo();
    const own = (name: string): string => join(this.#folder, name);
    const [controller, ...ports] = await freePorts(1 + NODES.length);
    const node = (name: NodeName, index: number): string =>
      `NodeName=${name} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${ports[index]} CPUs=2 RealMemory=4000`;
    return `ClusterName=trustsieve
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=${username}
SlurmdUser=${username}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${own('munge/socket')}
PluginDir=${this.#plugins}
StateSaveLocation=${own('state')}
SlurmdSpoolDir=${own('%n')}
SlurmctldPidFile=${own('slurmctld.pid')}
SlurmdPidFile=${own('%n.pid')}
SlurmctldLogFile=${own('log/slurmctld')}
SlurmdLogFile=${own('log/%n')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdTimeout=10
KillWait=5
${NODES.map(node).join('\n')}
PartitionName=all Nodes=${NODES.join(',')} Default=YES State=UP
`;
  }
}

async function kill(daemon: ChildProcess): Promise<void> {
  if (daemon.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, 'exit');
  daemon.kill('SIGKILL');
  await ended;
}

/** All listened to at once, so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports: number[] = [];
  for (const server of servers) {
    if (!server.listening) await once(server, 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
  for (const server of servers) server.close();
  return ports;
}
