import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assetNameOf, assetUriOf, dagIdOf, groupIdOf, plain, readable, tagOf, taskIdOf } from '../../../src/codegen/airflow/name.ts';
import { anyText } from '../python/arbitrary.ts';

const keys = fc
  .array(fc.constantFrom('a', 'B', '-', '_', '.', '/', 'x'.repeat(120)), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((key) => key.split('/').every((segment) => /[A-Za-z_-]/.test(segment)));

describe('names in Airflow', () => {
  it('are such as it takes, whatever the texts', () => {
    fc.assert(
      fc.property(anyText, anyText, keys, (project, text, key) => {
        expect(dagIdOf(project, text)).toMatch(/^[\w.-]{1,200}$/);
        expect(groupIdOf(text)).toMatch(/^[\w-]{1,160}$/);
        expect(tagOf(text)).toMatch(/^[\w.-]{1,100}$/);
        expect(taskIdOf(key)).toMatch(/^[\w.-]{1,200}$/);
        expect(plain(text)).toMatch(/^[\w-][\w.-]*$/);
        expect(assetNameOf(project, key)).toMatch(/^[\x21-\x7e]+$/);
        expect(assetUriOf(project, key)).toBe(`spindle://${assetNameOf(project, key)}`);
      }),
    );
  });

  it('of long texts are told apart by what is cut off', () => {
    const long = 'x'.repeat(400);
    expect(taskIdOf(`${long}a`)).not.toBe(taskIdOf(`${long}b`));
    expect(dagIdOf('p', `${long}a`)).not.toBe(dagIdOf('p', `${long}b`));
    expect(groupIdOf(`${long}a`)).not.toBe(groupIdOf(`${long}b`));
  });

  it('of assets are the key behind the project, as it is', () => {
    expect(assetNameOf('shop', 'bronze/plays')).toBe('shop/bronze/plays');
    expect(assetNameOf('mein Laden/ä', 'a')).toBe('mein%20Laden%2F%C3%A4/a');
  });
});

it('a text for people holds nothing that a database refuses', () => {
  expect(readable('a\0b\ud800c \u{1f3b5} \n\t\u0007')).toBe('a\ufffdb\ufffdc \u{1f3b5} \n\t\u0007');
});
