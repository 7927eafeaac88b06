// Worker threads don't inherit tsx's loader: this registers it and goes on to the TypeScript entry. The bundle needs no such step.
import { register } from 'tsx/esm/api'

register()
await import('./worker-entry.ts')
