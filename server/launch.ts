// The bin of the bundle. From source, and to whoever imports, main.ts is the beginning.

import path from 'node:path'
import { runBundle } from './host/code-cache.ts'
import { codeDirectory } from './host/facts-directory.ts'
import { captureSurroundings } from './host/surroundings.ts'

runBundle(path.join(import.meta.dirname, 'engine.cjs'), codeDirectory(captureSurroundings()))
