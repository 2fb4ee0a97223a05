import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Unwrapper } from '../../src/reading/text/unwrap.ts';
import { asIam, essence, FIVE, json, RECORDS } from '../formats/five-roles.ts';
import { fixtureOf, readContent } from '../formats/read.ts';

const PRETTY = JSON.stringify({ RoleDetailList: FIVE.map((role) => asIam(role)) }, null, 2);
const SHORT = json({ RoleDetailList: FIVE.map((role) => asIam(role)) });
const E = '\u001b';
/** As `jq -C` and coloured pagers write it. */
const COLOURED = PRETTY.replaceAll(
  /"(?:[^"\\]|\\.)*"|[{}[\]]/g,
  (token) => `${E}[${token.startsWith('"') ? '0;32' : '1;39'}m${token}${E}[0m`,
);

describe('text around JSON', () => {
  it.each([
    ['a prompt', `$ aws iam get-account-authorization-details\n${PRETTY}\n`],
    ['a prompt with quotes', `me@host:~/x$ aws iam list-roles --query "x[].{a: b}"\n${PRETTY}\n`],
    ['a prompt in brackets', `[ec2-user@ip-10-0-0-1 ~]$ aws iam x\n${PRETTY}\n[ec2-user@ip-10-0-0-1 ~]$ `],
    ['PowerShell', `PS C:\\Users\\me> aws iam x\r\n${PRETTY.replaceAll('\n', '\r\n')}\r\nPS C:\\Users\\me> `],
    ['a command over two lines', `$ aws iam x \\\n    --query "a"\n${SHORT}\n$ `],
    ['a traced command', `+ aws iam x --output json\n${SHORT}\n`],
    ['a code fence', `\`\`\`json\n${PRETTY}\n\`\`\`\n`],
    ['prose and a fence', `Here is the export.\n\n\`\`\`json\n${SHORT}\n\`\`\`\n`],
    ['a variable', `scoutsuite_results =\n${SHORT}\n`],
    ['a constant', `export const roles = ${PRETTY};\n`],
    ['colours', COLOURED],
    ['colours behind a prompt', `$ aws iam x\n${COLOURED}${E}[m\n`],
    ['a pager', `${E}[?1h${E}=\r${PRETTY}\n${E}[K(END)${E}[?1l${E}>`],
    ['a semicolon behind it', `${SHORT};\n`],
    ['a prompt behind it', `${SHORT}\nme@host:~$ `],
  ])('skips %s and says so', async (_, content) => {
    const { roles, reading, codes } = await readContent(content);
    expect(roles.map(essence)).toEqual(RECORDS);
    expect(reading.status).toBe('complete');
    expect(new Set(codes)).toEqual(new Set(['text-skipped']));
    for (const { message } of reading.problems) expect(message).toMatch(/^[^\p{Cc}]+$/u);
    for (const { offset } of roles) expect(Buffer.from(content)[offset]).toBe(0x7b);
  });

  it.each([
    ['what is left of a record', `"Arn":"x"}]}\n${SHORT}`],
    ['an error', `An error occurred (Throttling) when calling ListRoles\n${SHORT}`],
    ['a colour inside of a string', COLOURED.replace('Guarded', `Guar${E}[0mded`)],
    ['more text', `${SHORT}\nand more`],
    ['a quote', `${SHORT}"`],
    ['an end that is missing', `$ aws iam x\n${PRETTY.slice(0, -1)}\n$ `],
  ])('does not take %s for such text', async (_, content) => {
    expect((await readContent(content)).reading.status).not.toBe('complete');
  });

  it('keeps a torn first line of rows among the rejects', async () => {
    const content = fixtureOf('antiope').toString();
    const { rejects, reading } = await readContent(content.slice(40));
    expect(rejects).toMatchObject([{ code: 'line-malformed', pointer: '#1' }]);
    expect(reading.status).toBe('incomplete');
  });

  it('gives the same JSON whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 700 })), fc.boolean(), (cuts, coloured) => {
        const content = Buffer.from(`$ x\n${coloured ? COLOURED : PRETTY};\n`);
        const wrapper = { sketch: { documents: [], lines: false }, skip: 4, coloured, message: '' };
        const unwrapper = new Unwrapper(wrapper);
        const parts: Buffer[] = [];
        let at = 0;
        for (const cut of [...cuts, content.length]) {
          for (const part of unwrapper.push(content.subarray(at, at + cut))) parts.push(Buffer.from(part));
          at = Math.min(content.length, at + cut);
        }
        parts.push(Buffer.from(unwrapper.end()));
        const text = Buffer.concat(parts).toString();
        expect(JSON.parse(text)).toEqual(JSON.parse(PRETTY));
        expect(unwrapper.trailer).toBe(';');
      }),
    );
  });
});

describe('an export in one JSON string', () => {
  it('is read as what the string says', async () => {
    const plain = await readContent(PRETTY);
    const { roles, reading } = await readContent(`${JSON.stringify(PRETTY)}\n`);
    expect(roles.map(essence)).toEqual(plain.roles.map(essence));
    expect(roles).toHaveLength(RECORDS.length);
    expect(reading.status).toBe(plain.reading.status);
  });

  it.each([
    ['its end', (text: string) => text.slice(0, -1)],
    ['its second half', (text: string) => text.slice(0, text.length / 2)],
    ['nothing, but more follows it', (text: string) => `${text}{"RoleDetailList":[]}`],
  ])('is not whole when it lacks %s', async (_, damaged) => {
    const { reading } = await readContent(damaged(JSON.stringify(PRETTY)));
    expect(reading.status).not.toBe('complete');
  });
});
