import { type OddKind, oddArn, pickOddity } from './generate-odd.ts';
import { Dice } from './generate-random.ts';
import { ownPolicy, type TrustDocument, type TrustMaker, withDenyAndPattern } from './generate-trust.ts';

/** What the generated evidence is to look like. */
export interface Recipe {
  readonly seed: number;
  readonly roles: number;
  readonly accounts: number;
  /** Distinct trust policies that the roles share. */
  readonly policies: number;
  /** Share of roles whose trust policy nobody else has. */
  readonly unique: number;
  /** Share of the trust policies that trust another account. */
  readonly crossAccount: number;
  /** Instead of `unique`: share of roles whose trust policy has other names in it than any other role's. */
  readonly distinct?: number;
  /** Share of roles whose trust policy has a Deny and a pattern. */
  readonly denies?: number;
  /** Share of roles written in an odd way. */
  readonly odd?: number;
}

export interface Role {
  readonly account: string;
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly created: string;
  readonly lastUsed: string | null;
  readonly region: string;
  readonly trust: TrustDocument;
  readonly odd: OddKind | null;
  readonly inline: readonly { readonly name: string; readonly document: object }[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly profile: string | null;
}

const TEAMS = ['payments', 'orders', 'data', 'search', 'platform', 'identity', 'media', 'risk', 'ledger'];
const JOBS = ['deploy', 'reader', 'worker', 'backup', 'audit', 'ingest', 'export', 'scheduler', 'build'];
const SERVICES = ['ec2', 'lambda', 'ecs-tasks', 'states', 'events', 'glue', 'codebuild', 'firehose'];
const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:ListBucket',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'sqs:SendMessage',
  'sqs:ReceiveMessage',
  'kms:Decrypt',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'secretsmanager:GetSecretValue',
  'cloudwatch:PutMetricData',
];
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'];

/** Accounts, and a pool of trust policies that their roles share. */
export class Organisation {
  readonly dice: Dice;
  readonly accounts: readonly string[];
  private readonly recipe: Recipe;
  private readonly partners: readonly string[];
  private readonly pool: readonly TrustMaker[];
  /** Shared policies with a Deny and a pattern. */
  private readonly fenced: readonly TrustMaker[];
  private made = 0;

  constructor(recipe: Recipe) {
    this.recipe = recipe;
    this.dice = new Dice(recipe.seed);
    this.accounts = Array.from({ length: recipe.accounts }, () => this.dice.account());
    this.partners = Array.from({ length: 40 }, () => this.dice.account());
    this.pool = Array.from({ length: recipe.policies }, (_, index) => this.trustPolicy(`shared-${index}`));
    const fenced = Math.ceil(recipe.policies * (recipe.denies ?? 0));
    this.fenced = Array.from({ length: fenced }, () => this.fence(this.dice.pick(this.pool)));
  }

  role(account: string, number: number): Role {
    const { dice } = this;
    const team = dice.pick(TEAMS);
    const path = dice.chance(0.2) ? `/${team}/` : '/';
    const name = `${team}-${dice.pick(JOBS)}-${dice.pick(REGIONS)}-${number}`;
    const trust = this.trustOf(team, number);
    const odd = this.happens(this.recipe.odd) ? pickOddity(dice) : null;
    return {
      account,
      arn: oddArn(odd, `arn:aws:iam::${account}:role${path}${name}`),
      id: dice.id('AROA', 17),
      name,
      path,
      created: this.time(),
      lastUsed: dice.chance(0.6) ? this.time() : null,
      region: dice.pick(REGIONS),
      trust: trust(account),
      odd,
      inline: Array.from({ length: dice.chance(0.45) ? dice.between(1, 2) : 0 }, (_, index) => ({
        name: `${name}-inline-${index}`,
        document: this.permissions(dice.between(1, 3)),
      })),
      attached: Array.from({ length: dice.between(1, 3) }, () => this.managedPolicyArn(account)),
      tags: Array.from({ length: dice.between(1, 4) }, (_, index) => ({
        Key: ['team', 'cost-centre', 'stage', 'owner'][index] as string,
        Value: index === 1 ? String(dice.between(1000, 9999)) : `${team}@example.com`,
      })),
      profile: dice.chance(0.2) ? dice.id('AIPA', 17) : null,
    };
  }

  managedPolicyArn(account: string): string {
    const { dice } = this;
    if (dice.chance(0.4)) return `arn:aws:iam::aws:policy/${dice.pick(['ReadOnlyAccess', 'SecurityAudit'])}`;
    return `arn:aws:iam::${account}:policy/${dice.pick(TEAMS)}-${dice.pick(JOBS)}-${dice.between(1, 99)}`;
  }

  permissions(statements: number): object {
    const { dice } = this;
    return {
      Version: '2012-10-17',
      Statement: Array.from({ length: statements }, (_, index) => ({
        Sid: `Statement${index}`,
        Effect: 'Allow',
        Action: Array.from({ length: dice.between(1, 5) }, () => dice.pick(ACTIONS)),
        Resource: Array.from(
          { length: dice.between(1, 3) },
          () => `arn:aws:s3:::${dice.pick(TEAMS)}-${dice.pick(JOBS)}-${dice.between(100, 999)}/*`,
        ),
      })),
    };
  }

  time(): string {
    const milliseconds = 1_600_000_000_000 + Math.floor(this.dice.next() * 170_000_000) * 1000;
    return `${new Date(milliseconds).toISOString().slice(0, 19)}+00:00`;
  }

  private trustOf(team: string, number: number): TrustMaker {
    const { dice } = this;
    const { distinct, unique, denies } = this.recipe;
    if (distinct === undefined && denies === undefined)
      return dice.chance(unique) ? this.trustPolicy(`only-${number}`) : dice.pick(this.pool);
    const fenced = this.happens(denies);
    if (!dice.chance(distinct ?? unique)) return dice.pick(fenced ? this.fenced : this.pool);
    const own = ownPolicy(dice, dice.pick(this.partners), `${team}-${dice.pick(JOBS)}-${this.made++}`);
    return fenced ? this.fence(own) : own;
  }

  private fence(base: TrustMaker): TrustMaker {
    return withDenyAndPattern(this.dice, this.dice.pick(this.partners), base);
  }

  /** Draws nothing where the share is not given, so that older options give the bytes they gave. */
  private happens(share: number | undefined): boolean {
    return share !== undefined && this.dice.chance(share);
  }

  private trustPolicy(name: string): TrustMaker {
    const { dice } = this;
    const service = dice.pick(SERVICES);
    const partner = dice.pick(this.partners);
    const foreign = dice.chance(this.recipe.crossAccount);
    const kind = dice.next();
    const condition = dice.chance(0.5)
      ? { StringEquals: { 'sts:ExternalId': `${name}-${dice.between(1, 1e6)}` } }
      : dice.chance(0.3)
        ? { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
        : undefined;
    return (account) => ({
      Version: '2012-10-17',
      Statement: foreign
        ? [
            {
              Sid: 'Partner',
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${partner}:${kind < 0.5 ? 'root' : `role/${name}`}` },
              Action: 'sts:AssumeRole',
              ...(condition === undefined ? {} : { Condition: condition }),
            },
            ...(kind < 0.3
              ? [
                  {
                    Effect: 'Allow',
                    Principal: { Service: `${service}.amazonaws.com` },
                    Action: 'sts:AssumeRole',
                  },
                ]
              : []),
          ]
        : kind < 0.7
          ? [
              {
                Effect: 'Allow',
                Principal: { Service: `${service}.amazonaws.com` },
                Action: 'sts:AssumeRole',
              },
            ]
          : kind < 0.85
            ? [
                {
                  Effect: 'Allow',
                  Principal: { AWS: `arn:aws:iam::${account}:root` },
                  Action: 'sts:AssumeRole',
                },
              ]
            : [
                {
                  Effect: 'Allow',
                  Principal: { Federated: `arn:aws:iam::${account}:saml-provider/${name}` },
                  Action: 'sts:AssumeRoleWithSAML',
                  Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
                },
              ],
    });
  }
}
