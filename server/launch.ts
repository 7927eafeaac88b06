// The bin of the bundle. From source, and to whoever imports, main.ts is the beginning.

import { compileLater, runBundle } from './host/code-cache.ts'
import { codeDirectory } from './host/facts-directory.ts'
import { captureSurroundings } from './host/surroundings.ts'

compileLater()
runBundle(import.meta.filename, codeDirectory(captureSurroundings()))
