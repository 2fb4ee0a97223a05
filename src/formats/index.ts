import type { PrefixSketch } from '../json/sketch.ts';
import { antiope } from './antiope.ts';
import { awsConfig, awsConfigCsv } from './aws-config.ts';
import { awspxCsv } from './awspx-csv.ts';
import { cloudControl } from './cloud-control.ts';
import { cloudquery } from './cloudquery.ts';
import { cloudqueryDetails } from './cloudquery-details.ts';
import { configApi } from './config-api.ts';
import { configQuery } from './config-query.ts';
import { custodian } from './custodian.ts';
import { gaad } from './gaad.ts';
import { iamCollect } from './iam-collect.ts';
import { iamCollectOrganization } from './iam-collect-organization.ts';
import { listRoles } from './list-roles.ts';
import { organization } from './organization.ts';
import { organizationsCli } from './organizations-cli.ts';
import { pmapper } from './pmapper.ts';
import { cloudqueryPolicies } from './policies/cloudquery-policies.ts';
import { cloudqueryRolePolicies } from './policies/cloudquery-role-policies.ts';
import { steampipePolicies } from './policies/steampipe-policies.ts';
import { prowler } from './prowler.ts';
import { roleList } from './role-list.ts';
import { scoutsuite } from './scoutsuite.ts';
import { securityHub } from './security-hub.ts';
import type { Format } from './shared/format.ts';
import { steampipe } from './steampipe.ts';
import { steampipeOrganizations } from './steampipe-organizations.ts';
import { terraformPlan } from './terraform-plan.ts';
import { terraformState } from './terraform-state.ts';

/** All formats; the first one that recognises the content reads it. */
export const FORMATS: readonly Format[] = [
  gaad,
  listRoles,
  awsConfig,
  configApi,
  configQuery,
  cloudquery,
  cloudqueryDetails,
  steampipe,
  terraformState,
  terraformPlan,
  scoutsuite,
  prowler,
  securityHub,
  custodian,
  cloudControl,
  pmapper,
  iamCollect,
  iamCollectOrganization,
  organization,
  organizationsCli,
  steampipeOrganizations,
  cloudqueryPolicies,
  cloudqueryRolePolicies,
  steampipePolicies,
  antiope,
  awsConfigCsv,
  awspxCsv,
  roleList,
];

/** @param path as shown */
export function detectFormat(sketch: PrefixSketch, path: string): Format | null {
  return FORMATS.find((format) => format.detect(sketch, path)) ?? null;
}
