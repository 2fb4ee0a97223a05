/** Signs that a text was not written by IAM, but by the program that exported or redacted it. */

const POWERSHELL = 'export again with `ConvertTo-Json -Depth 100` in PowerShell';

/** Each with what is said of the text; what follows the text reads as a sentence. */
const CLASS_NAMES: readonly (readonly [RegExp, string])[] = [
  [
    /(?:^|[\s.[])System\.(?:Object|String|Collections|Management|Int\d+|Boolean|Xml|Text|Dynamic)\b/,
    `is the name of a class that PowerShell wrote in place of what lies deeper; ${POWERSHELL}`,
  ],
  [/^@\{|=@\{/, `is an object that PowerShell wrote as text; ${POWERSHELL}`],
  [/\[object \w+\]/, 'is what JavaScript writes in place of an object'],
  [
    /\[(?:Array|Object|Circular[^[\]]*|Function[^[\]]*|Getter[^[\]]*)\]/,
    'is what Node.js prints in place of what lies deeper',
  ],
  [/^&?map\[|<nil>|%!\w?\(|\b0xc0[0-9a-f]{8}\b/, 'is what Go prints in place of an object'],
  [
    /\bOrderedDict\(|\bdict_(?:values|keys|items)\(|<[\w. ]+ object at 0x[0-9a-f]+>|^\{u?'\w/,
    'is what Python prints in place of an object',
  ],
  [/^#<\w|"=>/, 'is what Ruby prints in place of an object'],
  [
    /^\[?L?javax?(?:\.[\w$]+)+|^(?:[\w$]+\.){2,}[\w$]+@[0-9a-f]{6,8}$|^\[L[\w.$]+;/,
    'is the name of a Java class in place of its value',
  ],
  [/^\((?:sensitive(?: value)?|known after apply)\)$/, 'is what Terraform prints in place of a value'],
];

const HIDDEN_WORDS =
  'redacted|masked|removed|hidden|saniti[sz]ed|obfuscated|anonymi[sz]ed|censored|scrubbed|omitted|suppressed|sensitive|confidential|private';
const REDACTIONS: readonly RegExp[] = [
  new RegExp(`^[<[({]+\\s*(?:\\w+ )?(?:${HIDDEN_WORDS})\\b.*[>\\])}]$`, 'i'),
  /(?:^|[^a-z])redacted(?:$|[^a-z])/i,
  /^(?:MASKED|FILTERED|REMOVED|HIDDEN|OMITTED|SANITI[SZ]ED|ANONYMI[SZ]ED)$|^[xX]{3,}$|^\*{2,}[\w -]+\*{2,}$/,
  /(?:^|[:/])(?:[xX]{4,}|\*{3,}|[#•●█■]{3,})(?=$|[:/])/,
  /^[xX]{2,}(?:[-_.][xX]{2,})+$/,
];

/** Names before a colon that templates use; no condition key begins so. */
const TEMPLATE_SOURCES: ReadonlySet<string> = new Set([
  'self',
  'opt',
  'env',
  'file',
  'sls',
  'cf',
  'param',
  'custom',
]);
/** A condition key, as it stands in a policy variable: a prefix, a colon and a name. */
const VARIABLE_NAME = /^([\w./-]+):(?!:)[^\s:]/;

/** What the text shows of a program's own way of writing; what follows the text in a sentence. Null when nothing. */
function classNameIn(text: string): string | null {
  return CLASS_NAMES.find(([sign]) => sign.test(text))?.[1] ?? null;
}

function redactionIn(text: string): string | null {
  return REDACTIONS.some((sign) => sign.test(text)) ? 'has been redacted' : null;
}

/**
 * The first template variable of a text that nobody filled in: `${AccountId}`, `{{account}}`, `#{account}`. A policy
 * variable such as `${aws:username}` is none: it names a condition key
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
 */
function templateVariableIn(text: string): string | null {
  // Most texts are ARNs and names, which have none of what every template variable has.
  if (!text.includes('{') && !text.includes('$(') && !text.includes('@@')) return null;
  for (const found of text.matchAll(/\$\{([^{}]*)\}/g)) {
    const inside = (found[1] as string).trim();
    if (/^[*?$]$/.test(inside)) continue;
    const prefix = VARIABLE_NAME.exec(inside)?.[1];
    if (prefix === undefined || TEMPLATE_SOURCES.has(prefix)) return found[0];
  }
  const rest = text.replaceAll(/\$\{[^{}]*\}/g, '');
  return /\{\{[^{}]*\}\}|#\{[^{}]*\}|%\{[^{}]*\}|\$\{.*|\$\([^()]*\)|@@\w+@@/.exec(rest)?.[0] ?? null;
}

/** A name in angle brackets, `<ACCOUNT_ID>`, that was to be replaced. */
export function placeholderIn(text: string): string | null {
  return /<[A-Za-z][\w .:/-]*>/.exec(text)?.[0] ?? null;
}

/** The signs that count wherever a text stands, with free text too. */
export function damageIn(text: string): string | null {
  const variable = templateVariableIn(text);
  return variable === null ? exportSignIn(text) : unfilled(variable, text);
}

function exportSignIn(text: string): string | null {
  if (text.includes('\ufffd')) return 'holds a character that was lost in an encoding';
  return classNameIn(text) ?? redactionIn(text);
}

/** As `damageIn`, where IAM takes no free text. */
export function damageInName(text: string): string | null {
  const found = damageIn(text);
  if (found !== null) return found;
  const placeholder = placeholderIn(text);
  return placeholder === null ? exportFormIn(text) : unfilled(placeholder, text);
}

/** As `damageInName`, where a placeholder that nobody filled in is a value like any other: a weak external ID. */
export function damageInExternalId(text: string): string | null {
  return exportSignIn(text) ?? exportFormIn(text);
}

/** The signs of an export that free text may have as well. */
export function exportFormIn(text: string): string | null {
  if (/^\[.*\]$|^\(.*\)$|^\{.*[=:,'"\s].*\}$/s.test(text)) return 'is a list or an object written as text';
  if (/^(["']).*\1$/s.test(text)) return 'still has the quotation marks of an export';
  if (/\.{3}$|…/.test(text)) return 'has been cut off';
  return NOTHING.has(text) ? 'is what a program writes where it has no value' : null;
}

const NOTHING: ReadonlySet<string> = new Set(['undefined', 'null', 'NULL', 'None', 'nil', 'NaN']);

/** What is said of several actions, principals or values in one text. */
export function severalIn(text: string, what: string): string {
  const said = `looks like several ${what} written as one text`;
  return /^\S+(?: \S+)+$/.test(text)
    ? `${said}, as PowerShell does with what lies deeper; ${POWERSHELL}`
    : said;
}

export function unfilled(variable: string, text: string): string {
  const which = variable === text ? 'is' : `holds \`${shortened(variable)}\`,`;
  return `${which} a template variable that was never filled in`;
}

/** Long enough to recognise a text by. */
const SHOWN = 80;

export function shortened(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
