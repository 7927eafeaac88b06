// Code actions: did you mean, one fix for each trouble of the state, and the switches for editors without a toolbar.

import type { Problem } from '../dbt/problem.ts'
import { callsIn, type ResolvedCall, type Snapshot } from '../dbt/snapshot.ts'
import type { Span } from '../text/span.ts'
import { accessFixes } from './access-fixes.ts'
import { compiledNode } from './compiled.ts'
import type { CodeAction } from './types.ts'
import { targetNames, troubleFixes } from './trouble-fixes.ts'
import { yamlFixes } from './yaml-fixes.ts'

export function codeActions(snapshot: Snapshot, path: string, range: Span, problems: readonly Problem[]): readonly CodeAction[] {
  const touching = problems.filter((each) => each.place.path === path && each.place.start <= range.end && each.place.end >= range.start)
  const actions = [...touching.flatMap((problem) => [...suggested(problem), ...troubleFixes(snapshot, problem), ...yamlFixes(snapshot, problem), ...accessFixes(snapshot, problem)]), ...switches(snapshot, path, range), ...compiledActions(snapshot, path, range)]
  // What mends something is also offered as a switch: once, as the fix.
  return actions.filter((each, at) => actions.findIndex((other) => other.title === each.title) === at)
}

function suggested(problem: Problem): CodeAction[] {
  const suggestions = problem.data?.['suggestions']
  if (Array.isArray(suggestions)) {
    return suggestions.map((name: string, index) => ({ title: `Change to '${name}'`, kind: 'quickfix' as const, preferred: index === 0, edits: [{ path: problem.place.path, span: problem.place, text: name.split('.').at(-1) ?? name }], command: null, fixes: [problem.code] }))
  }
  return []
}

/** "What would this run do?" and what it would do otherwise: shown, never run. */
function whatIf({ deferring }: Snapshot, here: readonly ResolvedCall[]): CodeAction[] {
  const [first] = here
  if (!first || first.node.resource_type !== 'model') return []
  const plan = (title: string, ...words: string[]): CodeAction => ({ title, kind: 'dbt', preferred: false, edits: [], command: { name: 'dbtDefer.plan', arguments: ['run', first.node.unique_id, ...words] }, fixes: [] })
  const leftover = here.find((each) => each.call.kind === 'ref' && each.resolution.dev?.existence.exists === true)?.resolution.target
  return [
    plan(`What would dbt run do with '${first.node.name}'?`),
    ...(deferring.defer ? [plan(`What if the state were ${deferring.favorState ? 'not ' : ''}favored?`, deferring.favorState ? 'no-favor-state' : 'favor-state')] : []),
    ...(deferring.defer && leftover != null ? [plan(`What if ${leftover.split('.').slice(2).join('.')} were dropped here?`, `drop=${leftover}`)] : []),
  ]
}

/** On a model: its compiled text, and what it differs from. */
function compiledActions(snapshot: Snapshot, path: string, range: Span): CodeAction[] {
  const node = compiledNode(snapshot, path, { offset: range.start })
  if (!node || node.resource_type === 'seed' || node.test !== null) return []
  const action = (title: string, name: string): CodeAction => ({ title, kind: 'dbt.model', preferred: false, edits: [], command: { name, arguments: [path, node.unique_id] }, fixes: [] })
  const { deferring } = snapshot
  return [
    action('Show compiled SQL', 'dbtDefer.showCompiled'),
    action('Copy compiled SQL', 'dbtDefer.copyCompiled'),
    action('Compare compiled SQL: saved and unsaved', 'dbtDefer.diffSaved'),
    ...(deferring.state?.nodes.has(node.unique_id) ? [action('Compare compiled SQL: production and here', 'dbtDefer.diffState')] : []),
    ...(deferring.state ? [action('Compare compiled SQL: without and with defer', 'dbtDefer.diffDefer')] : []),
  ]
}

/** On any ref: the relation to copy, and the switches that change where it reads. */
function switches(snapshot: Snapshot, path: string, range: Span): CodeAction[] {
  const here = callsIn(snapshot, path).filter((each) => each.call.span.start <= range.end && each.call.span.end >= range.start)
  if (here.length === 0) return []
  const { deferring } = snapshot
  const action = (title: string, name: string, ...args: (string | boolean | null)[]): CodeAction => ({ title, kind: 'dbt', preferred: false, edits: [], command: { name, arguments: args }, fixes: [] })
  const relations = [...new Set(here.flatMap((each) => each.resolution.relation ?? []))].slice(0, 4)
  return [
    ...relations.map((relation) => action(`Copy ${relation}`, 'dbtDefer.copyRelation', relation)),
    action(deferring.defer ? 'Switch defer off' : 'Switch defer on', 'dbtDefer.setDefer', !deferring.defer),
    ...(deferring.defer ? [action(deferring.favorState ? 'Do not favor the state' : 'Favor the state (--favor-state)', 'dbtDefer.setFavorState', !deferring.favorState)] : []),
    ...whatIf(snapshot, here),
    ...targetNames(snapshot).filter((name) => name !== snapshot.project.target?.name).slice(0, 5).map((name) => action(`Use target ${name}`, 'dbtDefer.setTarget', name)),
  ]
}
