// var-missing: a variable without default that nothing defines. dbt parses it as None without a word and stops when it compiles the node.

import { missingVar } from '../../dbt/context/vars.ts'
import type { ManifestNode } from '../../dbt/nodes/types.ts'
import type { Problem } from '../../dbt/problem.ts'
import { sourceFile, type Snapshot } from '../../dbt/snapshot.ts'
import { templateOfFile } from '../scene.ts'
import { namesDefined, visitCalls } from './macro-names.ts'

/** Only what is asked for in every run: a branch may well look first whether the variable is there. */
export function varProblems(snapshot: Snapshot, node: ManifestNode): readonly Problem[] {
  const file = node.rawCodeOffset === null || node.language !== 'sql' ? null : sourceFile(snapshot, node.place.path)
  if (!file?.text.includes('var')) return []
  const template = templateOfFile(file)
  if (template.errors.length > 0 || namesDefined(template).has('var')) return []
  const problems: Problem[] = []
  visitCalls(template, true, ({ node: callee, args, kwargs }, certain) => {
    const [name, ...more] = args
    if (!certain || callee.kind !== 'Name' || callee.name !== 'var' || more.length > 0 || kwargs.length > 0) return
    if (name?.kind !== 'Const' || typeof name.value !== 'string' || name.start < node.place.start || name.end > node.place.end) return
    const message = missingVar(snapshot.project, node.package_name, node.name, name.value)
    if (message !== null) problems.push({ code: 'var-missing', severity: 'error', message, place: { path: node.place.path, start: name.start, end: name.end }, unique_id: node.unique_id })
  })
  return problems
}
