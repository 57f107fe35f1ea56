/** By which streams are found among the runs. */
export const STREAM_TAG = 'stream';
