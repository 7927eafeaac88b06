// Completion: inside calls (complete-arguments.ts), of names in templates, and in property files (yaml-completion.ts).
// Filtered by what is typed, at most 100 items; works on half-typed text, and before evaluation with what stands literally in the files.

import { pathAt } from '../jinja/walk.ts'
import { sourceFile, type Snapshot } from '../dbt/snapshot.ts'
import { argumentCompletion } from './complete-arguments.ts'
import { BUILTINS, signatureOf } from './builtin-docs.ts'
import { macroText } from './hover.ts'
import { callableMacros, manifestMacro } from './macros.ts'
import { projectFileCompletion } from './project-files.ts'
import { ranked, type Offer } from './ranking.ts'
import { callAround, isPython, isYaml, templateOfFile } from './scene.ts'
import type { Completion, CompletionList } from './types.ts'
import { dottedStart, wordEnd } from './words.ts'
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

/** Names inside `{{ }}` and `{% %}` outside of strings: macros and what dbt itself offers. */
function nameCompletion(snapshot: Snapshot, path: string, offset: number): CompletionList {
  const file = sourceFile(snapshot, path)
  if (!file || !insideJinja(file.text, offset)) return NOTHING
  const inner = pathAt(templateOfFile(file), offset).at(-1)
  if (inner?.kind === 'Const' && typeof inner.value === 'string') return NOTHING
  const start = dottedStart(file.text, offset)
  const typed = file.text.slice(start, offset)
  const span = { start, end: wordEnd(file.text, offset) }
  const macros = callableMacros(snapshot, path).map(({ name, macro }): Offer => {
    const sort = `${name.includes('.') ? '2' : '0'}${name}`
    return { label: name, sort, item: () => ({ label: name, kind: 'macro', detail: macro.package_name, documentation: macroText(snapshot, manifestMacro(snapshot, macro)), insert: name, span, sort }) }
  })
  const builtins = [...BUILTINS.values()].map((each): Completion => ({ label: each.name, kind: each.parameters ? 'function' : 'keyword', detail: each.parameters ? signatureOf(each) : 'dbt', documentation: each.description, insert: each.name, span, sort: `1${each.name}` }))
  return ranked([...macros, ...builtins], typed)
}

/** Between an opening tag and its end on either side: also where the end is not typed yet, up to the end of the line. */
function insideJinja(text: string, offset: number): boolean {
  const open = Math.max(text.lastIndexOf('{{', offset - 1), text.lastIndexOf('{%', offset - 1))
  if (open < 0 || offset < open + 2) return false
  const closed = Math.max(text.lastIndexOf('}}', offset - 1), text.lastIndexOf('%}', offset - 1))
  if (closed > open && closed + 2 <= offset) return false
  const comment = text.lastIndexOf('{#', offset - 1)
  return !(comment >= 0 && text.lastIndexOf('#}', offset - 1) < comment && comment > open)
}
