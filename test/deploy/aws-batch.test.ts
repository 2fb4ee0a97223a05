import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { inCheckout } from '../checkout.ts';
import { complaints, type TemplateResource } from './cloudformation-schema.ts';

const document = parseDocument(readFileSync(inCheckout('deploy/aws-batch/template.yaml'), 'utf8'));
const { Parameters, Resources } = document.toJS() as {
  readonly Parameters: object;
  readonly Resources: { readonly Job: TemplateResource; readonly JobRole: TemplateResource };
};
const { Job, JobRole } = Resources;
const container = Job.Properties['ContainerProperties'] as Readonly<Record<string, unknown>>;
const changed = (properties: object): TemplateResource => ({
  ...Job,
  Properties: { ...Job.Properties, ...properties },
});

describe('the resources as AWS describes them', () => {
  it.each(Object.entries(Resources))('have nothing against %s', (_, resource) => {
    expect(document.errors).toEqual([]);
    expect(complaints(resource)).toEqual([]);
  });

  it.each([
    ['an unknown property', { Retries: 3 }, 'AWS::Batch::JobDefinition.Retries is unknown'],
    ['text for a number', { RetryStrategy: { Attempts: '4' } }, '.RetryStrategy.Attempts is no whole number'],
    [
      'one deep below',
      { ContainerProperties: { ...container, Volumes: [{ name: 'tmp' }] } },
      '.Volumes.0.name is unknown',
    ],
    [
      'what is missing',
      { Type: undefined, ContainerProperties: { User: '1' } },
      '.ContainerProperties.Image is missing',
    ],
    ['one for many', { PlatformCapabilities: 'EC2' }, '.PlatformCapabilities is no list'],
  ])('would find %s', (_, properties, complaint) => {
    expect(complaints(changed(properties)).join('\n')).toContain(complaint);
  });

  it('refers to nothing that is not there', () => {
    const text = JSON.stringify(Resources);
    const named = [...text.matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"|\$\{(\w+)\}/g)].map(
      ([, ...names]) => names.find(Boolean),
    );
    expect(named.length).toBeGreaterThan(5);
    const known = [...Object.keys(Parameters), ...Object.keys(Resources)];
    expect(named.filter((name) => !known.includes(name ?? ''))).toEqual([]);
    expect(Object.keys(Parameters).filter((name) => !named.includes(name))).toEqual([]);
  });
});

describe('the job', () => {
  it('may mount and write one access point, and nothing else', () => {
    expect(JobRole.Properties['Policies']).toEqual([
      {
        PolicyName: 'mount',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
              Resource: { 'Fn::Sub': expect.stringMatching(/:file-system\/\$\{FileSystem\}$/) },
              Condition: {
                ArnEquals: {
                  'elasticfilesystem:AccessPointArn': {
                    'Fn::Sub': expect.stringMatching(/:access-point\/\$\{AccessPoint\}$/),
                  },
                },
              },
            },
          ],
        },
      },
    ]);
    expect(container).toMatchObject({ User: '1000', ReadonlyRootFilesystem: true });
    expect(container['Privileged']).toBeUndefined();
  });

  it('is tried again unless it ended with an answer or cannot become better', () => {
    const { EvaluateOnExit: rules } = Job.Properties['RetryStrategy'] as {
      readonly EvaluateOnExit: readonly { readonly OnExitCode: string; readonly Action: string }[];
    };
    const actionOf = (code: string) =>
      rules.find(({ OnExitCode }) => [code, '*'].includes(OnExitCode))?.Action;
    for (const code of ['1', '2', '3']) expect(actionOf(code)).toBe('EXIT');
    for (const code of ['4', '5', '137', '143']) expect(actionOf(code)).toBe('RETRY');
  });

  it('has as many parts as the array that is sent', () => {
    const submit = readFileSync(inCheckout('deploy/aws-batch/submit.sh'), 'utf8');
    expect(submit).toContain(`PARTS=${(container['Command'] as readonly string[])[1]} `);
  });
});
