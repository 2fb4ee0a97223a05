import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { inCheckout } from '../checkout.ts';
import { complaints } from './kubernetes-schema.ts';

interface Container {
  readonly args: readonly string[];
  readonly image: string;
}

interface Job {
  readonly kind: string;
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly completions?: number;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly automountServiceAccountToken: boolean;
        readonly securityContext: object;
        readonly containers: readonly Container[];
      };
    };
  };
}

const read = (name: string): readonly unknown[] =>
  parseAllDocuments(readFileSync(inCheckout('deploy/kubernetes', name), 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
const [scan, policy] = read('scan.yaml') as [Job, { kind: string; spec: object }];
const [merge] = read('merge.yaml') as [Job];

function containerOf({ spec }: Job): Container {
  const [container, ...others] = spec.template.spec.containers;
  if (container === undefined || others.length > 0) throw new Error('a job is to have one container');
  return container;
}

describe('the schemas of Kubernetes', () => {
  it.each([scan, policy, merge])('have nothing against $kind $metadata.name', (resource) => {
    expect(complaints(resource)).toEqual([]);
  });

  it.each([
    ['a field that is unknown', { completion: 3 }, '/spec/completion is unknown'],
    ['a value that is none', { completionMode: 'indexed' }, '/spec/completionMode enum '],
    ['text for a number', { completions: '20' }, '/spec/completions type {"type":"integer"}'],
    [
      'a container without a name',
      { template: { spec: { containers: [{}] } } },
      '/0 required {"missingProperty":"name"}',
    ],
    [
      'an unknown field deep below',
      { template: { spec: { containers: [{ name: 'a', securityContext: { readonly: true } }] } } },
      '/spec/template/spec/containers/0/securityContext/readonly is unknown',
    ],
  ])('would find %s', (_, change, complaint) => {
    expect(complaints({ ...scan, spec: { ...scan.spec, ...change } } as Job).join('\n')).toContain(complaint);
  });
});

describe('the jobs', () => {
  it.each([scan, merge])('have no rights that they do not need: $metadata.name', ({ spec }) => {
    const pod = spec.template.spec;
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(containerOf({ spec } as Job)).toMatchObject({
      securityContext: {
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      },
      resources: {
        limits: {
          cpu: expect.any(String),
          memory: expect.any(String),
          'ephemeral-storage': expect.any(String),
        },
      },
    });
  });

  it('have no network', () => {
    expect(policy.spec).toEqual({
      podSelector: { matchLabels: scan.spec.template.metadata.labels },
      policyTypes: ['Ingress', 'Egress'],
    });
    expect(merge.spec.template.metadata.labels).toEqual(scan.spec.template.metadata.labels);
  });

  it('are of the same image, parts and folder', () => {
    const [{ args: scanning, image }, { args: merging, image: imageOfMerge }] = [
      containerOf(scan),
      containerOf(merge),
    ];
    expect(imageOfMerge).toBe(image);
    expect(scanning.slice(0, 3)).toEqual(['scan', String(scan.spec.completions), '/audit/out']);
    expect(merging).toEqual(['merge', ...scanning.slice(1, 3)]);
  });
});
