/** A policy of type `RESOURCE_CONTROL_POLICY` that is attached to a node on the path of an account. */
export interface AttachedPolicy {
  /** `p-...`, as AWS writes it. */
  readonly id: string;
  readonly name: string | null;
  /** Its text, as it was written: JSON, not yet parsed. */
  readonly content: string;
  /** Where it is attached on the path of the account, from the root down: `r-...`, `ou-...` or 12 digits. */
  readonly targets: readonly string[];
}

/** An account of the organisation, at the moment that is looked at. */
export interface OrganizationMember {
  /** 12 digits. */
  readonly account: string;
  readonly name: string | null;
  /** As AWS Organizations writes it; `ACTIVE` where the evidence says nothing. */
  readonly status: string;
  /**
   * The way from the organisation's id down to the account's unit, as `aws:PrincipalOrgPaths` writes it:
   * `o-.../r-.../ou-.../`; null where the evidence does not show all of it.
   */
  readonly path: string | null;
}

/** What evidence says of an organisation at one moment; null members are not known. */
export interface Organization {
  /** `o-...`. */
  readonly id: string;
  /** 12 digits. */
  readonly managementAccount: string | null;
  /** By account. */
  readonly members: ReadonlyMap<string, OrganizationMember>;
  /** True when every account of the organisation is among the members, so that any other is outside. */
  readonly membersWhole: boolean;
  /** Evidence time of its newest part, ISO 8601 UTC. */
  readonly capturedAt: string;
  /** False where the evidence says nothing at all of resource control policies: as of none, nothing is missing of them. */
  readonly showsPolicies: boolean;
  /**
   * The resource control policies that apply to an account: those of the root, of every unit on its path, and its own, by
   * id, each once (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
   */
  policiesOf(account: string): PoliciesOfAccount;
}

export type PoliciesOfAccount =
  | {
      readonly policies: readonly AttachedPolicy[];
      /**
       * Evidence time, ISO 8601 UTC, of the oldest thing that they and what they come to rest on: where they are attached,
       * what they say, where the account is, which accounts there are. Newer evidence of something else makes them no
       * younger. Null where there are none.
       */
      readonly since: string | null;
      readonly lack: null;
    }
  | UnknownPolicies;

/** The evidence does not show all of them, with the text of each: then nothing may be concluded from the others. */
export interface UnknownPolicies {
  readonly policies: null;
  readonly since: null;
  /** What it does not show, behind the words `does not show`. */
  readonly lack: string;
}
