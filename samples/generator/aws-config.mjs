import { customerPolicies, grantsOf, policyArn } from './permissions.mjs';
import { isoSeconds } from './roles.mjs';
import { hexFor, iamIdFor, uuidFor } from './seeded.mjs';
import { policy, urlEncode } from './trusts.mjs';

/**
 * Where AWS Config puts a file in its bucket. `compact`: the time as in the file name. Month and day of the
 * folders have no leading zero.
 */
export function configPath(account, region, compact, kind, tail) {
  const [year, month, day] = [compact.slice(0, 4), Number(compact.slice(4, 6)), Number(compact.slice(6, 8))];
  const name = `${account}_Config_${region}_${kind}_${tail}.json.gz`;
  return `AWSLogs/${account}/Config/${region}/${year}/${month}/${day}/${kind}/${name}`;
}

/** A configuration snapshot: one line, and IAM the same in every region that records it. */
export function snapshot(account, region, compact, items) {
  const id = uuidFor('snapshot', account, region, compact);
  const text = JSON.stringify({ fileVersion: '1.0', configSnapshotId: id, configurationItems: items });
  return { path: configPath(account, region, compact, 'ConfigSnapshot', `${compact}_${id}`), text };
}

/** A history file: only what changed. The `::` of the resource type is `__` here, as Windows allows no colon in names. */
export function history(account, region, compact, items) {
  const text = JSON.stringify({ fileVersion: '1.0', configurationItems: items });
  const tail = `AWS__IAM__Role_${compact}_${compact}_1`;
  return { path: configPath(account, region, compact, 'ConfigHistory', tail), text };
}

export function roleItem(role, region) {
  const { account, path, name, id, arn, trust, created, edited, used, tags } = role;
  const { attached, inline, boundary } = grantsOf(role);
  const configuration = {
    path,
    roleName: name,
    roleId: id,
    arn,
    createDate: isoSeconds(created, '.000Z'),
    assumeRolePolicyDocument: trust === null ? null : (trust.verbatim ?? urlEncode(JSON.stringify(trust))),
    instanceProfileList: [],
    rolePolicyList: inline.map((one) => ({
      policyName: one.name,
      policyDocument: urlEncode(JSON.stringify(one.document)),
    })),
    attachedManagedPolicies: attached.map((one) => ({ policyArn: one.arn, policyName: one.name })),
    permissionsBoundary:
      boundary === null ? null : { permissionsBoundaryType: 'Policy', permissionsBoundaryArn: boundary.arn },
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    roleLastUsed: used === null ? null : { lastUsedDate: isoSeconds(used, '.000Z'), region: 'eu-west-1' },
  };
  // Every region records global resources for itself, a little later or earlier than the others.
  const recorded = edited + (region === 'us-east-1' ? 37_412 : 21_055);
  return item(account, recorded, {
    configuration,
    tags,
    status: edited === created ? 'ResourceDiscovered' : 'OK',
    type: 'AWS::IAM::Role',
    id,
    name,
    arn,
    region: 'global',
    created,
  });
}

export function deletedRoleItem({ account, name, id, arn }, deleted) {
  return item(account, deleted, {
    configuration: null,
    tags: {},
    status: 'ResourceDeleted',
    type: 'AWS::IAM::Role',
    id,
    name,
    arn,
    region: 'global',
  });
}

/** A role that the recorder leaves out: only its name is known. */
export function unrecordedRoleItem(account, name, seen) {
  const id = iamIdFor('AROA', account, name);
  const arn = `arn:aws:iam::${account}:role/${name}`;
  return item(account, seen, {
    configuration: null,
    tags: {},
    status: 'ResourceNotRecorded',
    type: 'AWS::IAM::Role',
    id,
    name,
    arn,
    region: 'global',
  });
}

/** Resources of other types, among them a policy that looks like a trust policy. */
export function otherItems(account, region) {
  const seen = Date.UTC(2025, 8, 9, 4, 30);
  const vpc = `vpc-${hexFor(17, 'vpc', account, region)}`;
  const bucket = `harbourlight-${region}-${account}`;
  const assuming = policy({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: 'arn:aws:iam::*:role/ci/*',
  });
  return [
    item(account, seen, {
      configuration: {
        vpcId: vpc,
        cidrBlock: '10.20.0.0/16',
        isDefault: false,
        state: { value: 'available' },
      },
      tags: { Name: 'main' },
      status: 'OK',
      type: 'AWS::EC2::VPC',
      id: vpc,
      arn: `arn:aws:ec2:${region}:${account}:vpc/${vpc}`,
      region,
    }),
    item(account, seen, {
      configuration: { name: bucket, creationDate: isoSeconds(seen, '.000Z') },
      tags: {},
      status: 'OK',
      type: 'AWS::S3::Bucket',
      id: bucket,
      name: bucket,
      arn: `arn:aws:s3:::${bucket}`,
      region,
    }),
    policyItem(account, 'assume-deploy-roles', assuming, seen),
  ];
}

/** The customer managed policies of roles of one account. */
export function policyItems(account, roles) {
  const seen = Date.UTC(2025, 8, 9, 4, 30);
  return customerPolicies(roles).map(({ name, document }) => policyItem(account, name, document, seen));
}

function policyItem(account, name, document, seen) {
  const arn = policyArn(account, name);
  return item(account, seen, {
    configuration: {
      policyName: name,
      arn,
      policyVersionList: [
        { document: urlEncode(JSON.stringify(document)), versionId: 'v1', isDefaultVersion: true },
      ],
    },
    tags: {},
    status: 'OK',
    type: 'AWS::IAM::Policy',
    id: iamIdFor('ANPA', account, name),
    name,
    arn,
    region: 'global',
  });
}

function item(account, captured, { configuration, tags, status, type, id, name, arn, region, created }) {
  return {
    relatedEvents: [],
    relationships: [],
    configuration,
    supplementaryConfiguration: {},
    tags,
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: new Date(captured).toISOString(),
    configurationStateId: captured,
    awsAccountId: account,
    configurationItemStatus: status,
    resourceType: type,
    resourceId: id,
    ...(name === undefined ? {} : { resourceName: name }),
    ARN: arn,
    awsRegion: region,
    ...(configuration === null ? {} : { availabilityZone: 'Not Applicable' }),
    configurationStateMd5Hash: '',
    ...(created === undefined ? {} : { resourceCreationTime: isoSeconds(created, '.000Z') }),
  };
}
