import type { InferenceSession } from 'onnxruntime-node';

/** One thread per session: the pool already has a worker per core, and more would only wait for each other. */
export const sessionOptions: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1 };
