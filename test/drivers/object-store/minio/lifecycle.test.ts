import { describe, expect, it } from 'vitest';
import { findRules, withRules } from '../../../../src/drivers/object-store/minio/lifecycle.ts';

const THEIRS =
  '<Rule><ID>logs</ID><Status>Enabled</Status><Filter><Prefix>007/</Prefix></Filter><Expiration><Days>3</Days></Expiration></Rule>';
const bucketOf = (...rules: readonly string[]) => `<LifecycleConfiguration>${rules.join('')}</LifecycleConfiguration>`;

describe('the lifecycle of a bucket', () => {
  it('gets the rule of the store beside those of others, which stay as they are written', () => {
    const set = withRules(bucketOf(THEIRS), '', { noncurrentDays: 30, incompleteUploadDays: 7 });
    expect(set).toContain(THEIRS);
    expect(findRules(set, '')).toEqual({
      asked: { noncurrentDays: 30, incompleteUploadDays: 7 },
      kept: { noncurrentDays: 30, incompleteUploadDays: 7 },
    });
  });

  it('has one rule for each folder, which a later one replaces', () => {
    const first = withRules(withRules('', 'a/', { noncurrentDays: 30 }), 'b/', { noncurrentDays: 20 });
    const second = withRules(first, 'a/', { noncurrentDays: 10, incompleteUploadDays: 7 });
    expect(second.match(/<Rule>/g)).toHaveLength(2);
    expect(findRules(second, 'a/')?.asked).toEqual({ noncurrentDays: 10, incompleteUploadDays: 7 });
    expect(findRules(second, 'b/')?.asked).toEqual({ noncurrentDays: 20 });
    expect(findRules(second, '')).toBe(undefined);
    expect(second).toContain('<Filter><Prefix>a/</Prefix></Filter>');
  });

  it('tells what was asked for from what the server kept of it', () => {
    const asked = withRules('', '', { noncurrentDays: 30, incompleteUploadDays: 7 });
    const kept = asked.replace(/<AbortIncompleteMultipartUpload>.*?<\/AbortIncompleteMultipartUpload>/, '');
    expect(findRules(kept, '')).toEqual({ asked: { noncurrentDays: 30, incompleteUploadDays: 7 }, kept: { noncurrentDays: 30 } });
    expect(findRules(kept.replace('Enabled', 'Disabled'), '')).toBe(undefined);
  });

  it('never removes a current object', () => {
    expect(withRules('', 'a/', { noncurrentDays: 30, incompleteUploadDays: 7 })).not.toMatch(/<Expiration>|<Transition>/);
  });
});
