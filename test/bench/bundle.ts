// The guard of CI over the bundle: at most 3 MB, and `initialize` answered within about twice the time of an empty server. The fastest of several
// starts are compared: the machine's other work only ever adds. Needs dist/ (npm run build).

import { measureStarts } from './start.ts'

const MOST_BYTES = 3 * 1024 * 1024
/** The goal is 2; the guard leaves room for a noisy machine. */
const MOST_RATIO = 2.5

const starts = await measureStarts(15)
if (!starts) throw new Error('dist/ is not there: npm run build')
const [ours, empty] = [Math.min(...starts.ours), Math.min(...starts.empty)]
console.log(`bundle ${(starts.bytes / 1024 / 1024).toFixed(2)} MB (at most 3); start ${ours.toFixed(0)} ms, the first one ${starts.first.toFixed(0)} ms, an empty server ${empty.toFixed(0)} ms, ratio ${(ours / empty).toFixed(2)} (goal 2, at most ${MOST_RATIO})`)
process.exitCode = starts.bytes <= MOST_BYTES && ours / empty <= MOST_RATIO ? 0 : 1
