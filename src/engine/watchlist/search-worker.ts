import { parentPort, workerData } from 'node:worker_threads';
import type { SearchSetup, ToSearch } from './messages.js';
import { SearchLoop } from './search-loop.js';

/** The entry of the watchlist thread: beside the analysis workers, so that a long search never holds up a segment. */
const port = parentPort;
if (port === null) throw new Error('search-worker runs in a worker thread only');
const loop = new SearchLoop((workerData as SearchSetup).size, (message) => {
  port.postMessage(message);
});
port.on('message', (message: ToSearch) => {
  loop.receive(message);
});
