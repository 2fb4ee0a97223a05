import { Ajv, type ValidateFunction } from 'ajv';

/**
 * What version 1.5.0 of the OCSF says of class 2003, Compliance Finding, with the profile Cloud, as far as this
 * tool writes it: required attributes, types and values of every object
 * (https://schema.ocsf.io/1.5.0/classes/compliance_finding). Nothing beyond the attributes listed is allowed,
 * so that a misspelt one is noticed; whatever the schema has no place for belongs into `unmapped`.
 */
export function ocsfValidator(): ValidateFunction {
  return new Ajv({ strict: true, strictRequired: false, allErrors: true }).compile(complianceFinding);
}

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
/** `timestamp_t`: milliseconds since the Unix epoch. */
const timestamp = { type: 'integer', minimum: 0 } as const;

function oneOf(...values: readonly number[]) {
  return { type: 'integer', enum: values } as const;
}

function object(required: readonly string[], properties: Readonly<Record<string, object>>) {
  return { type: 'object', additionalProperties: false, required, properties } as const;
}

/** `_entity` and its kin must be named by one of the two. */
function named(required: readonly string[], properties: Readonly<Record<string, object>>) {
  return {
    ...object(required, { name: text, uid: text, ...properties }),
    anyOf: [{ required: ['name'] }, { required: ['uid'] }],
  } as const;
}

const severityId = oneOf(0, 1, 2, 3, 4, 5, 6, 99);
const complianceStatusId = oneOf(0, 1, 2, 3, 99);
const account = named([], {
  type: text,
  type_id: oneOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99),
  labels: texts,
});

const check = named([], {
  desc: text,
  version: text,
  standards: texts,
  status: text,
  status_id: complianceStatusId,
  severity: text,
  severity_id: severityId,
});

const compliance = object([], {
  control: text,
  requirements: texts,
  standards: texts,
  status: text,
  status_id: complianceStatusId,
  status_code: text,
  status_details: texts,
  checks: { type: 'array', items: check },
});

const findingInfo = object(['uid'], {
  uid: text,
  title: text,
  desc: text,
  types: texts,
  analytic: named(['type_id'], { type: text, type_id: oneOf(0, 1, 2, 3, 4, 99), desc: text, version: text }),
  data_sources: texts,
  created_time: timestamp,
  modified_time: timestamp,
  first_seen_time: timestamp,
  last_seen_time: timestamp,
});

const metadata = object(['product', 'version'], {
  version: { type: 'string', const: '1.5.0' },
  profiles: { type: 'array', items: { type: 'string', const: 'cloud' } },
  product: named(['vendor_name'], { vendor_name: text, version: text }),
});

const resource = named([], {
  type: text,
  cloud_partition: text,
  region: text,
  labels: texts,
  owner: { ...object(['account'], { account }) },
  data: { type: 'object' },
});

const complianceFinding = object(
  [
    'activity_id',
    'category_uid',
    'class_uid',
    'type_uid',
    'time',
    'severity_id',
    'metadata',
    'finding_info',
    'compliance',
    // Required by the profile.
    'cloud',
  ],
  {
    activity_id: oneOf(0, 1, 2, 3, 99),
    activity_name: text,
    category_uid: { type: 'integer', const: 2 },
    category_name: text,
    class_uid: { type: 'integer', const: 2003 },
    class_name: text,
    type_uid: oneOf(200300, 200301, 200302, 200303, 200399),
    type_name: text,
    time: timestamp,
    timezone_offset: { type: 'integer' },
    severity_id: severityId,
    severity: text,
    status_id: oneOf(0, 1, 2, 3, 4, 5, 99),
    status: text,
    message: text,
    metadata,
    cloud: object(['provider'], { provider: text, account, region: text }),
    finding_info: findingInfo,
    compliance,
    remediation: object(['desc'], { desc: text, references: texts }),
    resources: { type: 'array', items: resource },
    observables: {
      type: 'array',
      items: object(['type_id'], { name: text, type: text, type_id: { type: 'integer' }, value: text }),
    },
    unmapped: { type: 'object' },
  },
);
