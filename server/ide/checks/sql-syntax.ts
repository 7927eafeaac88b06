// sql-syntax: the compiled text cannot be parsed as SQL of the target's dialect. The parser answers late and elsewhere (host/), so its findings
// are noted for the node they are about; a text of which any part is unknown, or hangs on what the warehouse was thought to hold, is not looked at.

import { reachableFrom } from '../../dbt/context/macro-depends.ts'
import type { Problem } from '../../dbt/problem.ts'
import type { ManifestNode } from '../../dbt/nodes/types.ts'
import { nodesIn, type Snapshot } from '../../dbt/snapshot.ts'
import { DIALECTS, type SqlError } from '../../sql/syntax.ts'
import { compiledNode, documentOfNode, type CompiledDocument } from '../compiled.ts'
import { toSource } from '../compiled-map.ts'

const TYPES: ReadonlySet<string> = new Set(['model', 'snapshot', 'analysis', 'test'])

export interface SqlQuestion { readonly node: ManifestNode; readonly document: CompiledDocument; readonly dialect: string }

/** What is to be parsed of a file; nothing where the answer would be no certain one. */
export function sqlQuestions(snapshot: Snapshot, path: string): readonly SqlQuestion[] {
  const dialect = DIALECTS.get(snapshot.project.adapter.type)
  if (dialect === undefined || !snapshot.manifest.final) return []
  return nodesIn(snapshot, path).flatMap((each): SqlQuestion[] => {
    const node = 'raw_code' in each ? compiledNode(snapshot, path, { uniqueId: each.unique_id }) : null
    if (!node || node.unique_id !== each.unique_id || node.language !== 'sql' || node.rawCodeOffset === null || node.test !== null || !TYPES.has(node.resource_type) || node.problems.length > 0 || hangsOnCommand(snapshot, node)) return []
    const document = documentOfNode(snapshot, node)
    return document && document.exact && document.evidence.length === 0 && document.text.trim() !== '' && (node.resource_type !== 'analysis' || BEGINS_SQL.test(document.text)) ? [{ node, document, dialect }] : []
  })
}

/** dbt runs no analysis: some hold other languages. Comments and brackets may come first. */
const BEGINS_SQL = /^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/|\()*(?:select|with|from|values|create|insert|update|delete|merge|explain)\b/i

/** What the template asks to know which dbt command runs: another one writes another text. */
const COMMAND = /\bflags\.WHICH\b|\binvocation_args_dict\b/

function hangsOnCommand({ world: { macros }, project }: Snapshot, node: ManifestNode): boolean {
  return COMMAND.test(node.raw_code) || reachableFrom(macros, project, node.depends_on.macros).some((id) => { const macro = macros.byId.get(id); return macro !== undefined && !macro.internal && COMMAND.test(macro.node.macro_sql) })
}

const noted = new WeakMap<ManifestNode, Problem>()

/** Returns whether this says something new. */
export function noteSqlError({ node, document }: Pick<SqlQuestion, 'node' | 'document'>, error: SqlError | null): boolean {
  const before = noted.get(node)
  const problem = error ? problemOf(node, document, error) : null
  if (problem) noted.set(node, problem)
  else noted.delete(node)
  return JSON.stringify(before ?? null) !== JSON.stringify(problem)
}

export function sqlProblems(node: ManifestNode): readonly Problem[] {
  const problem = noted.get(node)
  return problem ? [problem] : []
}

/** At the template's place; of text that a macro wrote at the call, with the macro's place. Null for what dbt or another node added. */
function problemOf(node: ManifestNode, document: CompiledDocument, error: SqlError): Problem | null {
  const origin = toSource(document, Math.min(error.start, Math.max(0, document.text.length - 1)))
  if (!origin?.own) return null
  const { place, macro } = origin
  const inside = place.path === node.place.path && macro === null
  const start = inside ? place.start : origin.own.start
  const length = inside && place.end === place.start ? error.end - error.start : inside ? place.end - place.start : origin.own.end - origin.own.start
  const related = inside || place.path.startsWith('dbt:') ? {} : { related: [{ place, message: macro === null ? 'written here' : `in ${macro.replace(/^macro\./, 'macro ')}` }] }
  return { code: 'sql-syntax', severity: 'warning', message: `SQL: ${error.message}`, place: { path: node.place.path, start, end: start + Math.max(0, length) }, unique_id: node.unique_id, ...related }
}
