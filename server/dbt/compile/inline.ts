// SQL that is no file (`--inline`, a selection in an editor) as the node dbt makes of it: named inline_query, in the root project.
// dbt 1.12: task/compile.py, parser/sql.py SqlBlockParser. It is put into no manifest.

import { parseTemplate } from '../../jinja/parse.ts'
import { evaluateForParse, evaluateName } from '../context/evaluate-node.ts'
import type { NodeDraft } from '../context/types.ts'
import { resolveEdges } from '../graph/resolve-edges.ts'
import { buildConfig, mergeCalls } from '../names/config.ts'
import { sha256 } from '../nodes/source-text.ts'
import type { ManifestNode } from '../nodes/types.ts'
import { compileNode } from './compile.ts'
import type { Compiled, CompileWorld } from './types.ts'

/** The path that places in the text have. */
export const INLINE_PATH = 'inline'

export function compileInline(world: CompileWorld, sql: string): Compiled | null {
  const files = new Map([...world.files, [INLINE_PATH, { path: INLINE_PATH, text: sql, size: sql.length }] as const])
  return compileNode({ ...world, files }, inlineNode(world, sql))
}

function inlineNode({ world, deferring }: CompileWorld, sql: string): ManifestNode {
  const { project, manifest } = deferring
  const name = 'inline_query'
  const packageName = project.root.name
  const path = `sql/${name}`
  const fqn = [packageName, 'sql', name]
  const draft: NodeDraft = {
    unique_id: `sql_operation.${packageName}.${name}`, resource_type: 'sql_operation', name, package_name: packageName, path, original_file_path: 'from remote system.sql', fqn, language: 'sql', version: null,
    raw_code: sql, file: INLINE_PATH, offset: 0, config: buildConfig(project, { type: 'sql_operation', packageName, fqn, patch: null, inFile: null }).config,
    database: project.target?.database ?? null, schema: project.target?.schema ?? '', alias: name, model: new Map(), testKwargs: null,
  }
  const evaluation = evaluateForParse(world, draft, () => parseTemplate(sql))
  const inFile = evaluation.configCalls.length > 0 ? mergeCalls(evaluation.configCalls, project.rules.firstConfigCallAsIs) : null
  const { config } = buildConfig(project, { type: 'sql_operation', packageName, fqn, patch: null, inFile })
  const database = evaluateName(world, 'database', config.get('database') ?? null, { ...draft, config })
  const schema = evaluateName(world, 'schema', config.get('schema') ?? null, { ...draft, config, database: database.value })
  const alias = evaluateName(world, 'alias', config.get('alias') ?? null, { ...draft, config, database: database.value, schema: schema.value ?? '' })
  const names = { database: database.value, schema: schema.value ?? '', alias: alias.value ?? name }
  const node: ManifestNode = {
    ...names, unique_id: draft.unique_id, resource_type: 'sql_operation', name, package_name: packageName, path, original_file_path: draft.original_file_path, fqn, place: { path: INLINE_PATH, start: 0, end: sql.length },
    description: '', language: 'sql', raw_code: sql, rawCodeOffset: 0, checksum: { name: 'sha256', checksum: sha256(sql) }, enabled: true, config, unrendered_config: new Map(),
    relation_name: null,
    tags: [], meta: new Map(), group: null, access: 'protected', version: null, latest_version: null, deprecation_date: null, columns: new Map(), constraints: [], contract: { enforced: false, alias_types: true, checksum: null },
    patch: null, docs: new Map(), refs: evaluation.refs, sources: evaluation.sources, metrics: evaluation.metrics, functions: evaluation.functions, depends_on: { nodes: [], macros: evaluation.macros }, calls: evaluation.calls,
    test: null, index: null, properties: new Map(), problems: evaluation.problem ? [evaluation.problem] : [],
    unknown: [...evaluation.unknown, ...[database, schema, alias].flatMap((each) => each.unknown ?? [])].map(({ code, message }) => ({ code, message })),
  }
  return { ...node, depends_on: { nodes: resolveEdges(project, manifest, node).nodes, macros: evaluation.macros } }
}
