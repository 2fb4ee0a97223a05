import { beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../../src/cli/command.ts';
import { EXIT } from '../../../src/cli/context.ts';
import { manPage } from '../../../src/cli/man/page.ts';
import { EXIT_BROKEN_PIPE } from '../../../src/cli/output/standard-output.ts';
import { ABOUT, allCommands } from '../../../src/cli/run.ts';
import { cli } from '../harness.ts';

const FACTS = { version: '1.2.3', date: '2026-05-01', about: ABOUT };

/** As a terminal shows it, without the layout. */
function read(source: string): string {
  return source
    .replace(/\\f[BIR]/g, '')
    .replace(/\\&/g, '')
    .replace(/\\-/g, '-')
    .replace(/\\\(dq/g, '"')
    .replace(/\\e/g, '\\');
}

/** A command that does nothing, to see what is made of its words. */
function command(words: Partial<Command>): Command {
  return {
    name: 'do',
    summary: 'Does it',
    examples: [],
    positionals: {},
    options: {},
    run: async () => EXIT.done,
    ...words,
  };
}

describe('the manual page', () => {
  let source: string;
  let commands: readonly Command[];
  beforeAll(async () => {
    commands = await allCommands();
    source = manPage(commands, FACTS);
  });

  /** The section of a command. */
  function sectionOf(name: string): string {
    const from = source.indexOf(`.SS "trustsieve ${name}`);
    expect(from, name).toBeGreaterThan(0);
    return read(source.slice(from, source.indexOf('\n.S', from + 1)));
  }

  it('has the sections that readers know', () => {
    expect(source).toContain('\n.TH TRUSTSIEVE 1 "2026\\-05\\-01" "trustsieve 1.2.3" "User Commands"\n');
    expect([...source.matchAll(/^\.SH "?([A-Z ]+)"?$/gm)].map(([, name]) => name)).toEqual([
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'COMMANDS',
      'OPTIONS OF EVERY COMMAND',
      'EXIT STATUS',
      'ENVIRONMENT',
      'FILES',
      'SEE ALSO',
    ]);
  });

  it('has every command that help names, with its summary and examples', async () => {
    const { stdout } = await cli(['--help']);
    const named = [...stdout.matchAll(/^ {2}trustsieve (\S+)/gm)].map(([, name]) => name as string);
    expect(named.length).toBeGreaterThan(10);
    expect(commands.map(({ name }) => name.split(' ')[0])).toEqual(named);
    for (const { name, summary, examples } of commands) {
      const section = sectionOf(name.split(' ')[0] as string);
      expect(section.replaceAll('\n', ' ')).toContain(` ${summary}. .`);
      for (const [line] of examples) expect(section).toContain(`\n.nf\n${line}\n.fi\n`);
    }
  });

  it('has every option that the help of a command names, its choices and its default', async () => {
    for (const { name } of commands) {
      const [word = ''] = name.split(' ');
      const section = sectionOf(word);
      const { stdout } = await cli([word, '--help']);
      const options = stdout.slice(stdout.indexOf('\nOptions:'));
      const flags = [...options.matchAll(/^ {2}(?:-\w, | {4})--([\w-]+)/gm)].map(
        ([, flag]) => flag as string,
      );
      expect(flags.length).toBeGreaterThan(1);
      for (const flag of flags) {
        const place = ['help', 'version', 'color'].includes(flag) ? read(source) : section;
        expect(place, `${word} --${flag}`).toMatch(new RegExp(`\\n\\.TP\\n(?:-\\w, )?--${flag}(?:[ \\n]|$)`));
      }
    }
    const flat = (name: string): string => sectionOf(name).replaceAll('\n', ' ');
    expect(flat('trend')).toMatch(
      / --by word [^.]*\(default: [^.]*\)\. One of day, week, month, quarter, year\. /,
    );
    expect(flat('runs')).toContain(' --db value The store (default: trustsieve.db). ');
    expect(flat('scan')).toContain(' --rules value ... Files of further rules');
    expect(flat('report')).toContain(' -o, --output value A file, or - for standard output (default: -). ');
    expect(flat('report')).toMatch(/ --format word What to write \(default: .*\)\. One of csv, /);
    expect(flat('verify')).toContain(' manifest The manifest. ');
  });

  it('tells every exit code', () => {
    const part = source.slice(source.indexOf('.SH "EXIT STATUS"'), source.indexOf('.SH ENVIRONMENT'));
    const told = [...read(part).matchAll(/^\.TP\n([\d, ]+)$/gm)].flatMap(([, codes = '']) =>
      codes.split(', '),
    );
    expect(told.map(Number)).toEqual([...Object.values(EXIT), 130, 143, EXIT_BROKEN_PIPE]);
  });

  it('keeps to plain ASCII and short lines, of which only its own are requests', () => {
    expect(source).toMatch(/^[\x20-\x7e\n]*$/);
    const requests = /^\.(?:\\"|TH|SH|SS|PP|TP|RS|RE|nf|fi|br)/;
    for (const line of source.split('\n')) {
      if (/^[.']/.test(line)) expect(line).toMatch(requests);
      else if (!/^(?:\\f|trustsieve|eval|cat|zcat)/.test(line)) expect(line.length, line).toBeLessThan(80);
    }
  });

  it('takes words for what they say, whatever roff would make of them', () => {
    const hostile = command({
      summary: `.so /etc/passwd, \\fB and 'quoted' – \`--dry\`${' word'.repeat(20)} .sy`,
      examples: [['.do "it" \\ now', "'tis"]],
      options: { x: { choices: ['.a'], describe: '.de X\n.sy rm' } },
    });
    const page = manPage([hostile], FACTS);
    expect(page).toContain("\n\\&.so /etc/passwd, \\efB and 'quoted' \\[u2013] \\fB\\-\\-dry\\fR word");
    expect(page).toContain('\n.nf\n\\&.do "it" \\e now\n.fi\n');
    expect(page).not.toMatch(/^[.'](?:so|sy|de|do|tis)/m);
  });

  it('is the same every time', () => {
    expect(manPage(commands, FACTS)).toBe(source);
  });
});
