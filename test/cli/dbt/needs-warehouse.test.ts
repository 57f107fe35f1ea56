import { describe, expect, it } from 'vitest';
import { needsWarehouse } from '../../../src/cli/dbt/needs-warehouse.ts';

describe('a call of dbt', () => {
  it.each([
    'ls --select gold',
    'docs serve',
    '--debug docs serve',
    '--no-use-colors --quiet parse',
    'docs --quiet serve',
    'build --help',
    'run -h',
    'docs generate --help',
  ])('leaves the warehouse to others: %s', (line) => {
    expect(needsWarehouse(line.split(' '))).toBe(false);
  });

  it.each([
    'build',
    'docs generate --static',
    '--debug build --select ls',
    'source freshness',
    'show --inline parse',
    '--log-level debug ls',
  ])('has the warehouse: %s', (line) => {
    expect(needsWarehouse(line.split(' '))).toBe(true);
  });
});
