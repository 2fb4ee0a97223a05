import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const dockerfile = readFileSync(new URL('Dockerfile', root), 'utf8');
const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const of = (instruction: string) => lines.filter((line) => line.startsWith(`${instruction} `));

describe('Dockerfile', () => {
  it('has nothing that a linter complains of', () => {
    expect(validate(dockerfile)).toEqual([]);
  });

  it('starts from images of one version of Node.js with glibc, by their tags', () => {
    const images = of('FROM').map((line) => line.split(' ')[1]);
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^node:24\.\d+\.\d+-bookworm-slim$/);
  });

  it('fetches nothing by itself and runs as a user without rights', () => {
    expect(of('ADD')).toEqual([]);
    expect(dockerfile).not.toMatch(/https?:|\bcurl\b|\bwget\b|:latest/);
    // By number: an orchestrator that wants no root cannot look names up.
    expect(of('USER')).toEqual(['USER 1000:1000']);
    expect(of('HEALTHCHECK')).toEqual(['HEALTHCHECK NONE']);
    for (const line of of('COPY')) expect(line).not.toContain('--chown');
    expect([...of('EXPOSE'), ...of('VOLUME')]).toEqual([]);
    const second = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(second.filter((line) => line.startsWith('RUN '))).toEqual([]);
    expect(lines.at(-1)).toBe('ENTRYPOINT ["node", "/app/dist/cli/main.js"]');
  });

  it('leaves out what a build makes again, and the history', () => {
    const ignored = readFileSync(new URL('.dockerignore', root), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', 'node_modules', 'dist', 'build']));
  });
});
