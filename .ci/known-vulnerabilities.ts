/** What came of asking the registry. */
export interface Asked {
  /** What `npm audit --json` wrote. */
  readonly stdout: string;
  /** It was ended because no answer came. */
  readonly isLate: boolean;
}

export interface Conclusion {
  readonly outcome: 'failed' | 'clean' | 'unknown';
  /** To be shown in any case: that nothing was found is not that nothing was asked. */
  readonly line: string;
}

interface Report {
  readonly vulnerabilities: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
}

const GRAVE = ['high', 'critical'];

/**
 * Concludes from what `npm audit` says of the packages that the program needs to run. A registry that does not answer,
 * or that keeps no list of vulnerabilities, is no fault of the project.
 */
export function conclusionOf({ stdout, isLate }: Asked): Conclusion {
  if (isLate) return notAsked('the registry did not answer in time');
  const answer = parsed(stdout);
  if (!isReport(answer)) return notAsked(reasonOf(answer));
  const found = Object.entries(answer.vulnerabilities);
  const grave = found.filter(([, { severity }]) => GRAVE.includes(severity));
  const names = grave.map(([name, { severity, range }]) => `${name} ${range} (${severity})`);
  if (grave.length > 0)
    return { outcome: 'failed', line: `known vulnerabilities: ${names.join(', ')}; see \`npm audit\`` };
  const lesser = found.length === 0 ? '' : `; lesser ones in ${found.map(([name]) => name).join(', ')}`;
  return { outcome: 'clean', line: `no known vulnerability of high or critical severity${lesser}` };
}

function notAsked(why: string): Conclusion {
  return { outcome: 'unknown', line: `known vulnerabilities were NOT looked up: ${why}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** npm writes the version of its report; anything else is an error of its own or of the registry. */
function isReport(answer: unknown): answer is Report {
  if (typeof answer !== 'object' || answer === null || !('auditReportVersion' in answer)) return false;
  return (
    'vulnerabilities' in answer &&
    typeof answer.vulnerabilities === 'object' &&
    answer.vulnerabilities !== null
  );
}

function reasonOf(answer: unknown): string {
  const message =
    typeof answer === 'object' && answer !== null && 'message' in answer ? answer.message : null;
  return typeof message === 'string' ? (message.split('\n', 1)[0] ?? '') : '`npm audit` gave no report';
}
