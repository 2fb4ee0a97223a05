import { splitArn } from '../../model/arn.ts';
import { type Json, JsonNumber, JsonObject } from '../json.ts';
import { elementsOf, listOf } from './elements.ts';
import { type Answer, any, like } from './operators.ts';
import type { ConcreteRequest, Context } from './request.ts';

/** Whether the principals of a statement, or its exceptions, cover the caller. */
export function principalApplies(statement: JsonObject, request: ConcreteRequest, context: Context): Answer {
  const named = elementsOf(statement, 'Principal');
  const excepted = elementsOf(statement, 'NotPrincipal');
  if (named.length === 0) {
    if (excepted.length === 0) return false;
    const except = any(excepted.map((element) => principalElement(element, request, context)));
    return except === null ? null : !except;
  }
  const answer = any(named.map((element) => principalElement(element, request, context)));
  return answer !== true && excepted.length > 0 ? null : answer;
}

function principalElement(element: Json, request: ConcreteRequest, context: Context): Answer {
  if (element === '*') return true;
  if (!(element instanceof JsonObject)) return null;
  return any(
    element.members.flatMap(([type, value]) =>
      listOf(value).map((item): Answer => {
        if (type === 'Service' || type === 'Federated') return false;
        if (type !== 'AWS') return null;
        if (item instanceof JsonNumber) return awsPrincipal(item.text, request, context);
        return typeof item === 'string' ? awsPrincipal(item, request, context) : null;
      }),
    ),
  );
}

function awsPrincipal(text: string, request: ConcreteRequest, context: Context): Answer {
  if (text === '*') return true;
  if (text === '' || /^A(?:IDA|ROA)[A-Z0-9]+(?::.*)?$/.test(text)) return false;
  if (/^\d{12}$/.test(text)) return text === request.principalAccount;
  const arn = splitArn(text);
  if (arn === null) return null;
  const caller = splitArn(request.principalArn);
  // A session's ARN tells that of its role where the role has no path.
  const behind =
    context.get('aws:principalarn') ??
    `arn:${caller?.partition}:iam::${caller?.account}:role/${caller?.resource.split('/')[1]}`;
  if (!/[*?]/.test(arn.partition) && arn.partition !== caller?.partition) return false;
  // What wildcards match here is undefined; only the account field tells who cannot be meant.
  if (/[*?]/.test(arn.account)) return like(arn.account, request.principalAccount) ? null : false;
  if (!/^\d{12}$/.test(arn.account)) return null;
  if (arn.account !== request.principalAccount) return false;
  if (/[*?]/.test(text)) return null;
  if (arn.service === 'iam' && arn.resource === 'root') return true;
  if (arn.service === 'iam' && arn.resource.startsWith('user/')) return text === request.principalArn;
  if (arn.service === 'iam' && arn.resource.startsWith('role/')) {
    return caller?.resource.startsWith('assumed-role/') === true && text === behind;
  }
  if (arn.service === 'sts' && /^(?:assumed-role\/[^/]+|federated-user)\/[^/]+$/.test(arn.resource)) {
    return caller?.resource === arn.resource;
  }
  return null;
}
