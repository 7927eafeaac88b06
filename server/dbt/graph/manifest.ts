// The manifest from files: everything of a project and its packages as dbt's parse would have it, with dbt's problems at their places.
// A build leaves a memory; the next one evaluates again only what an edit touched. Nothing here reads a file.

import { dispatchProblems } from '../context/static-dispatch.ts'
import type { World } from '../context/types.ts'
import type { Files } from '../files.ts'
import type { FoundFile } from '../project/resource-files.ts'
import type { ResourceFile } from '../nodes/resource-file.ts'
import type { Manifest } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import type { Build } from './build/build.ts'
import { collect } from './build/collect.ts'
import { complete } from './build/complete.ts'
import { Memory } from './build/memory.ts'
import type { BuildMemory } from './build/memory.ts'

export interface ManifestInput {
  readonly world: World
  readonly files: Files
  /** project/resource-files.ts resourceFileSteps. */
  readonly resources: readonly FoundFile[]
}

export interface BuiltManifest {
  readonly manifest: Manifest
  readonly memory: BuildMemory
  /** After an update: the nodes that were made again. */
  readonly replaced?: readonly string[]
}

/** Files that are listed but not there count as missing, not as errors. */
export function buildManifest(input: ManifestInput, previous: BuildMemory | null = null): BuiltManifest {
  const steps = manifestSteps(input, previous)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same in steps of at most one file: whoever runs them may do other things in between. */
export function* manifestSteps(input: ManifestInput, previous: BuildMemory | null): Generator<void, BuiltManifest> {
  const memory = new Memory(input.world, previous)
  const { macros, project } = input.world
  const problems: Problem[] = [...macros.problems, ...project.rules.warnsOfStrayBlocks ? macros.strays : [], ...project.rules.readsDispatchStatically ? dispatchProblems(macros, project) : []]
  const build: Build = { world: input.world, project: input.world.project, memory, problems }
  yield
  const collected = yield* collect(build, withFiles(input))
  const { manifest, ...rest } = yield* complete(build, collected)
  return { manifest, memory: memory.finished({ resources: input.resources, ...rest }) }
}

function withFiles({ files, resources }: ManifestInput): ResourceFile[] {
  return resources.flatMap(({ path, ...rest }) => {
    const file = files.get(path)
    return file ? [{ file, ...rest }] : []
  })
}

