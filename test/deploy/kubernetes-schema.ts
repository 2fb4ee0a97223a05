import { validate as validateJob } from 'kubernetes-models/_schemas/IoK8sApiBatchV1Job';
import { validate as validateNetworkPolicy } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy';

/** A validator that ajv compiled; the package does not tell the type of its complaints. */
type Validate = typeof validateJob & {
  readonly errors?: readonly {
    readonly instancePath: string;
    readonly keyword: string;
    readonly params: object;
  }[];
};
const KINDS: Readonly<Record<string, Validate>> = { Job: validateJob, NetworkPolicy: validateNetworkPolicy };

/**
 * What Kubernetes' own schemas have against a resource. They let unknown fields pass, which a cluster would refuse or drop, so what
 * they never look at counts as unknown. Free ones, such as labels, are looked at as a whole.
 */
export function complaints(resource: { readonly kind: string }): readonly string[] {
  const validate = KINDS[resource.kind];
  if (validate === undefined) return [`no schema for ${resource.kind}`];
  const seen = new Set<string>();
  if (!validate(watched(resource, '', seen))) {
    const errors = validate.errors ?? [];
    return errors.map(
      ({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${JSON.stringify(params)}`,
    );
  }
  return fields(resource, '')
    .filter((path) => !seen.has(path))
    .map((path) => `${path} is unknown`);
}

function watched(value: unknown, path: string, seen: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const below = `${path}/${String(key)}`;
      seen.add(below);
      return watched(Reflect.get(target, key), below, seen);
    },
  });
}

function fields(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => [
    `${path}/${key}`,
    ...fields(below, `${path}/${key}`),
  ]);
}
