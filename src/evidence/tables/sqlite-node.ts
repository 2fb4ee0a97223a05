/** What `process.versions` tells of the Node.js that runs. */
export interface NodeVersions {
  readonly node: string;
  /** The version of Node-API, such as `10`. */
  readonly napi?: string | undefined;
}

/** The Node-API that better-sqlite3's binary is built for. An older Node.js does not refuse it but crashes. */
const NODE_API = 10;

/** Why SQLite's binary cannot run on this Node.js, or null where it can. Ask before anything opens a database. */
export function sqliteRefusal({ node, napi }: NodeVersions = process.versions): string | null {
  if (Number(napi ?? 0) >= NODE_API) return null;
  return `SQLite needs Node.js 22.14 or newer (of line 23, 23.6), and this is ${node}`;
}
