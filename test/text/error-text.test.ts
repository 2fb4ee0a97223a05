import { describe, expect, it } from 'vitest';
import { errorCode, errorText } from '../../src/text/error-text.ts';

describe('errorText', () => {
  it('is the message of an error, and anything else as text', () => {
    expect(errorText(new TypeError('no such thing'))).toBe('no such thing');
    expect(errorText('plain')).toBe('plain');
    expect(errorText(undefined)).toBe('undefined');
  });
});

describe('errorCode', () => {
  it('is the code of the system, where there is one', () => {
    expect(errorCode(Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }))).toBe('ENOENT');
    expect(errorCode(new Error('no code'))).toBe('Error: no code');
    expect(errorCode('plain')).toBe('plain');
  });
});
