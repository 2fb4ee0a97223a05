import {
  ARN,
  allow,
  anyone,
  type Case,
  deny,
  EXT,
  extRoot,
  fails as f,
  notApplicable as n,
  OWN,
  policy,
  XID,
} from './building.ts';

const GOV = `arn:aws-us-gov:iam::${EXT}:root`;
const inPartition = (partition: string, one: Case): Case => ({
  ...one,
  name: `${one.name} (${partition})`,
  partition,
});

export const partitionCases: readonly Case[] = [
  inPartition(
    'aws',
    n('an Allow of another partition', policy(allow({ AWS: GOV })), 'iam-would-reject', 'dead-statement'),
  ),
  inPartition('aws-us-gov', f('an Allow of the own partition', policy(allow({ AWS: GOV })))),
  inPartition('aws-cn', f('a bare id is of the role’s partition', policy(allow({ AWS: EXT })))),
  inPartition('aws-cn', f('anybody of the partition', policy(allow(anyone)))),
  inPartition(
    'aws',
    f(
      'a Deny of another partition denies nobody',
      policy(allow(extRoot), deny({ AWS: GOV })),
      'iam-would-reject',
    ),
  ),
  inPartition('aws', n('a Deny of a bare id', policy(allow(extRoot), deny({ AWS: EXT })))),
  inPartition(
    'aws',
    n(
      'a pattern of another partition',
      policy(allow(anyone, { ArnLike: { [ARN]: `arn:aws-cn:iam::${EXT}:*` } })),
    ),
  ),
  inPartition(
    'aws-cn',
    f(
      'a pattern of the own partition',
      policy(allow(anyone, { ArnLike: { [ARN]: `arn:aws-cn:iam::${EXT}:*` } })),
    ),
  ),
  inPartition(
    'aws',
    f(
      'a Deny of every ARN of another partition',
      policy(allow(anyone), deny(anyone, { ArnLike: { [ARN]: 'arn:aws-cn:*:*:*:*' } })),
    ),
  ),
  inPartition(
    'aws',
    n(
      'a wildcard ARN of another partition',
      policy(allow({ AWS: 'arn:aws-cn:iam::*:root' })),
      'dead-statement',
    ),
  ),
  inPartition(
    'aws',
    n('the own account in another partition', policy(allow({ AWS: `arn:aws-cn:iam::${OWN}:root` }))),
  ),
  inPartition(
    'aws',
    n(
      'a session of another partition',
      policy(allow({ AWS: `arn:aws-cn:sts::${EXT}:assumed-role/Deploy/ci` })),
    ),
  ),
  f(
    'two partitions: each may be the role’s',
    policy(allow({ AWS: GOV }), deny({ AWS: `arn:aws:iam::${EXT}:root` })),
    'iam-would-reject',
  ),
  f(
    'two partitions, one guarded',
    policy(allow({ AWS: GOV }), allow(extRoot, { StringEquals: { [XID]: 'a-secret-value' } })),
    'iam-would-reject',
    'dead-statement',
  ),
  f(
    'a pattern shows the partition',
    policy(allow(anyone, { ArnLike: { [ARN]: `arn:aws-cn:iam::${EXT}:*` } })),
  ),
];
