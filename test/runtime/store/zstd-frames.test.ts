import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zstdFrames } from '../../../src/runtime/store/zstd-frames.ts';

/** Frames as Node 24 makes them, by what their headers and blocks are like. */
const FRAMES = {
  'one segment with a raw block': 'KLUv/SAIQQAAeyJhIjoxfQo=',
  'with a checksum': 'KLUv/SQIQQAAeyJhIjoxfQri7+zg',
  'without content': 'KLUv/SQAAQAAmenYUQ==',
  'with blocks of one repeated byte': 'KLUv/aTgkwQAVAAAEHh4AQD7/znAAgIAEHgDnwR4j3Kbog==',
  'streamed, without its size': 'KLUv/QRIhQAAQHsiYiI6Mn0KAQA1v75wAST1HDU=',
  'with its size in four bytes': 'KLUv/aAAcQIAhAAAQHsiYyI6M30KAQD1/8sLF0UAAAh7AQD88A6E',
} as const;
const frames = Object.values(FRAMES).map((text) => Buffer.from(text, 'base64'));

const splitOf = (bytes: Uint8Array): Buffer[] => [...zstdFrames(bytes)].map((frame) => Buffer.from(frame));

describe('the frames of zstd bytes', () => {
  it.each(Object.entries(FRAMES))('end where they end: %s', (_, text) => {
    const frame = Buffer.from(text, 'base64');
    expect(splitOf(frame)).toEqual([frame]);
  });

  it('are told apart, however many follow each other', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...frames), { maxLength: 20 }), (some) => {
        expect(splitOf(Buffer.concat(some))).toEqual(some);
      }),
    );
  });

  it('do not come with those that other programs leave out', () => {
    const skippable = Buffer.from('502a4d1803000000abcdef', 'hex');
    const [first, second] = frames as [Buffer, Buffer];
    expect(splitOf(Buffer.concat([skippable, first, skippable, second, skippable]))).toEqual([first, second]);
  });

  it('are refused where any byte of the end is missing', () => {
    for (const frame of frames) {
      for (let length = 1; length < frame.length; length++)
        expect(() => splitOf(Buffer.concat([...frames, frame.subarray(0, length)]))).toThrow(RangeError);
    }
  });

  it('are refused where something else follows', () => {
    expect(() => splitOf(Buffer.concat([...frames, Buffer.from('{"a":1}\n')]))).toThrow(/no zstd frame begins at byte \d+/);
    expect(() => splitOf(Buffer.from('1f8b0800', 'hex'))).toThrow('no zstd frame begins at byte 0');
  });
});
