// Completion: inside calls (complete-arguments.ts), of names in templates (complete-names.ts), and in property files (yaml-completion.ts).
// Filtered by what is typed, at most 100 items; works on half-typed text, and before evaluation with what stands literally in the files.

import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import { argumentCompletion } from './complete-arguments.ts'
import { nameCompletion } from './complete-names.ts'
import { projectFileCompletion } from './project-files.ts'
import { callAround, isPython, isYaml } from './scene.ts'
import type { CompletionList } from './types.ts'
import { yamlCompletion } from './yaml-completion.ts'

const NOTHING: CompletionList = { items: [], incomplete: false }

export function completion(snapshot: Snapshot, path: string, offset: number): CompletionList {
  const file = sourceFile(snapshot, path)
  if (!file) return NOTHING
  const call = callAround(file, offset)
  if (call && offset > call.argsSpan.start && (call.open || offset < call.argsSpan.end)) {
    const inside = argumentCompletion(snapshot, path, call, offset, file.text)
    if (inside && (inside.items.length > 0 || !inside.incomplete)) return inside.incomplete ? merged(inside, nameCompletion(snapshot, path, offset)) : inside
  }
  if (isYaml(path)) return projectFileCompletion(snapshot, path, offset) ?? yamlCompletion(snapshot, path, file, offset)
  return isPython(path) ? NOTHING : nameCompletion(snapshot, path, offset)
}

function merged(first: CompletionList, second: CompletionList): CompletionList {
  return { items: [...first.items.map((item) => ({ ...item, sort: ` ${item.sort}` })), ...second.items].slice(0, 100), incomplete: true }
}
