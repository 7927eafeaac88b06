// What every step of one build shares: the world, the memory of the last build, and the problems found on the way.

import type { Place } from '../../../text/span.ts'
import type { World } from '../../context/types.ts'
import type { Problem } from '../../problem.ts'
import type { Project } from '../../project/types.ts'
import type { Memory } from './memory.ts'

export interface Build {
  readonly world: World
  readonly project: Project
  readonly memory: Memory
  /** Of the whole project; those of one node are in the node. */
  readonly problems: Problem[]
}

export function report(build: Build, code: string, message: string, place: Place, severity: Problem['severity'] = 'error', data?: Problem['data']): void {
  build.problems.push(data ? { code, severity, message, place, data } : { code, severity, message, place })
}
