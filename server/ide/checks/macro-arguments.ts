// macro-arguments: a call that gives a macro a keyword it does not have, or more arguments than it takes, wherever it stands; dbt only
// says so when it evaluates the call. Too few are no mistake: in jinja2 they are undefined. jinja2 3.1 runtime.py Macro.__call__.

import type { MacroDefinition } from '../../dbt/context/types.ts'
import type { Problem } from '../../dbt/problem.ts'
import { packageOf, sourceFile, type Snapshot } from '../../dbt/snapshot.ts'
import type { Call, Expression, Parameter } from '../../jinja/nodes.ts'
import { walk } from '../../jinja/walk.ts'
import { macroNamed } from '../macros.ts'
import { templateOfFile } from '../scene.ts'
import { namesDefined } from './macro-names.ts'
import { nearest, suggested } from './suggestions.ts'

/** The calls of one file, in macros and branches that are never taken too; a file with broken Jinja has none. */
export function macroArgumentProblems(snapshot: Snapshot, path: string): readonly Problem[] {
  const file = path.endsWith('.sql') ? sourceFile(snapshot, path) : null
  const template = file && templateOfFile(file)
  if (!template || template.errors.length > 0) return []
  const own = namesDefined(template)
  const problems: Problem[] = []
  walk(template, (node) => {
    if (node.kind !== 'Call') return
    const name = calledName(node.node)
    if (name === null || own.has(name.split('.')[0] ?? '')) return
    const macro = macroNamed(snapshot, path, name)
    const problem = macro && mismatch(macro, node)
    if (problem) problems.push(suggested({ code: 'macro-arguments', severity: 'warning', message: problem.message, place: { path, start: problem.at.start, end: problem.at.end } }, problem.near))
  })
  return problems
}

/** Files of the project's own macros: their calls belong to no node. */
export function macroPaths(snapshot: Snapshot): ReadonlySet<string> {
  const { name } = snapshot.project.root
  return new Set([...snapshot.world.macros.byPackage.get(name)?.values() ?? []].map((macro) => macro.node.place.path).filter((path) => packageOf(snapshot, path) === name))
}

function calledName(callee: Expression): string | null {
  if (callee.kind === 'Name') return callee.name
  return callee.kind === 'Getattr' && callee.node.kind === 'Name' ? `${callee.node.name}.${callee.attr}` : null
}

function mismatch(macro: MacroDefinition, call: Call): { readonly message: string; readonly at: { readonly start: number; readonly end: number }; readonly near: readonly string[] } | null {
  const block = macro.template.body.find((each) => each.kind === 'Macro')
  if (!block || call.dynArgs || call.dynKwargs) return null
  const takes = specialNames(macro, block.body)
  const free = new Set(block.params.slice(call.args.length).map((each: Parameter) => each.name))
  const wrong = takes.has('kwargs') ? undefined : call.kwargs.find((each) => !free.has(each.name) && each.name !== 'caller')
  if (wrong) return { message: `macro '${block.name}' takes no keyword argument '${wrong.name}'`, at: wrong.nameSpan, near: nearest([...free], wrong.name) }
  const extra = takes.has('varargs') ? undefined : call.args[block.params.length]
  if (extra) return { message: `macro '${block.name}' takes not more than ${block.params.length} argument(s)`, at: { start: extra.start, end: call.args.at(-1)?.end ?? extra.end }, near: [] }
  return null
}

const special = new WeakMap<MacroDefinition, ReadonlySet<string>>()

/** `varargs` and `kwargs` are caught by a macro whose body names them. */
function specialNames(macro: MacroDefinition, body: readonly Parameters<typeof walk>[0][]): ReadonlySet<string> {
  let names = special.get(macro)
  if (!names) {
    const found = new Set<string>()
    for (const statement of body) walk(statement, (node) => { if (node.kind === 'Name' && (node.name === 'varargs' || node.name === 'kwargs')) found.add(node.name) })
    special.set(macro, names = found)
  }
  return names
}
