// A process of its own for one reading of a manifest, so that its peak of memory is its own: `scan FILE` as the server does, `parse FILE` with JSON.parse.
// V8 is set as in the program. Prints milliseconds and the growth of the peak in bytes.

import { readFileSync } from 'node:fs'
import { compileLater } from '../../server/host/code-cache.ts'
import { scanFile } from '../../server/host/state-worker.ts'

const [how, file] = process.argv.slice(2)
if (how === 'scan') compileLater()
const before = process.resourceUsage().maxRSS
const began = performance.now()
const kept = how === 'scan' ? scanFile({ job: 'state', path: file ?? '', wants: 'all' }) : JSON.parse(readFileSync(file ?? '', 'utf8')) as unknown
const took = performance.now() - began
process.stdout.write(JSON.stringify({ took, peak: (process.resourceUsage().maxRSS - before) * 1024, kept: kept !== null }))
