// `ls`: what `dbt ls` prints, byte for byte. JSON without --exact and --output-keys has keys of ours behind dbt's, and sorted ids in depends_on.

import { listedDict } from '../dbt/compile/graph-dict.ts'
import { jsonDumps } from '../jinja/python/json-dumps.ts'
import { jsonable } from './json-values.ts'
import { firstUnknown } from '../jinja/unknown-within.ts'
import { PyDict, PyList, type Value } from '../jinja/value.ts'
import { resourceOf, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import { selectionOf } from '../dbt/assemble.ts'
import type { MacroNode, SourceNode } from '../dbt/nodes/types.ts'
import type { Project } from '../dbt/project/types.ts'
import { cycleProblems } from '../ide/checks/cycle.ts'
import { CommandFailure, type Io } from './io.ts'
import { refuseUnreadable, showNotes, type Opened } from './open.ts'
import { LS_OUTPUTS, type Parsed } from './options.ts'

type Listed = Exclude<AnyResource, MacroNode>

/** task/list.py ALLOWED_KEYS in the order in which dbt's classes have them. */
const COMMON_KEYS = ['name', 'resource_type', 'package_name', 'original_file_path', 'unique_id']
const NODE_KEYS = [...COMMON_KEYS, 'alias', 'config', 'tags', 'depends_on', 'direct_parents']
const SOURCE_KEYS = [...COMMON_KEYS, 'source_name', 'tags', 'config']
const EXPOSURE_KEYS = [...COMMON_KEYS, 'tags', 'config', 'depends_on']
const METRIC_KEYS = [...COMMON_KEYS, 'config', 'depends_on', 'tags']
const SEMANTIC_KEYS = [...COMMON_KEYS, 'depends_on', 'config']
const KEYS_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ['source', SOURCE_KEYS], ['exposure', EXPOSURE_KEYS], ['metric', METRIC_KEYS], ['saved_query', METRIC_KEYS], ['semantic_model', SEMANTIC_KEYS], ['unit_test', SEMANTIC_KEYS],
])
const OUR_KEYS = ['relation_name', 'enabled', 'access', 'version']

type Output = typeof LS_OUTPUTS[number]

/** `exact`: as dbt prints it. `keys`: those of --output-keys, which is exact as well. */
interface Form { readonly output: Output; readonly keys: readonly string[] | null; readonly exact: boolean; readonly project: Project }

export function ls(opened: Opened, parsed: Parsed, io: Io): number {
  refuseUnreadable(opened, 'ls')
  showNotes(opened, io)
  refuseCycles(opened.snapshot)
  const output = LS_OUTPUTS.find((each) => each === parsed.values.get('output')) ?? 'selector'
  const selection = selectionOf(opened.snapshot, opened.inputs)
  if (selection.error !== null) throw new CommandFailure(selection.error)
  for (const warning of selection.warnings) io.err(`warning: ${warning}\n`)
  const nodes = [...selection.ids.flatMap((id) => listed(opened.snapshot, id)), ...(parsed.switches.get('disabled') ? disabled(opened.snapshot) : [])]
  if (nodes.length === 0) io.err('No nodes selected!\n')
  const keys = parsed.lists.get('output-keys')?.flatMap((each) => each.split(/[\s,]+/)).filter(Boolean) ?? null
  const form: Form = { output, keys, exact: keys !== null || parsed.switches.get('exact') === true, project: opened.snapshot.project }
  io.out(nodes.map((node) => `${line(node, form)}\n`).join(''))
  return 0
}

/** dbt parses a project with a cycle and lists nothing of it (compilation.py Linker.link_graph). */
function refuseCycles(snapshot: Snapshot): void {
  for (const node of [...snapshot.manifest.nodes.values(), ...snapshot.manifest.others.values()]) {
    const [cycle] = cycleProblems(snapshot, node)
    if (cycle) throw new CommandFailure(cycle.message)
  }
}

function line(node: Listed, form: Form): string {
  switch (form.output) {
    case 'selector': return selectorOf(node)
    case 'name': return searchName(node)
    case 'path': return node.original_file_path
    case 'json': return jsonOf(node, form)
  }
}

/** task/list.py generate_selectors. */
function selectorOf(node: Listed): string {
  switch (node.resource_type) {
    case 'source': return `source:${node.package_name}.${(node as SourceNode).source_name}.${node.name}`
    case 'unit_test': return `unit_test:${node.package_name}.${versionedName(node)}`
    case 'exposure': case 'metric': case 'saved_query': case 'semantic_model': return `${node.resource_type}:${node.package_name}.${node.name}`
    default: return node.fqn.join('.')
  }
}

/** The nodes' search_name (contracts/graph/nodes.py): with the version, sources with their source's name. */
function searchName(node: Listed): string {
  if (node.resource_type === 'source') return `${(node as SourceNode).source_name}.${node.name}`
  const version = 'version' in node && node.resource_type !== 'unit_test' ? node.version : null
  return version === null ? node.name : `${node.name}.v${String(version)}`
}

/** UnitTestDefinition.versioned_name. */
function versionedName(node: Listed): string {
  const version = 'version' in node ? node.version : null
  return version === null ? node.name : `${node.name}_v${String(version)}`
}

/** task/list.py generate_json: the node's dict cut to the keys; a dotted key reaches into nested dicts and is left out when it is None there. */
function jsonOf(node: Listed, form: Form): string {
  const { keys } = form
  const fields = fieldsOf(node, form)
  const chosen: [string, Value][] = []
  for (const key of keysOf(node, fields, form)) {
    const value = key.includes('.') ? nested(fields, key) : fields.getitem(key)
    if (value !== undefined && !(key.includes('.') && value === null)) chosen.push([key, value])
  }
  // What is null because it is not known says so, whatever keys were asked for.
  const unknown = fields.get('unknown')
  if (unknown instanceof PyList && unknown.items.length > 0 && !keys?.includes('unknown')) chosen.push(['unknown', unknown])
  return jsonDumps(jsonable(new PyDict(chosen)), {}, { spend: () => undefined })
}

function keysOf(node: Listed, fields: PyDict, { keys, exact, project }: Form): readonly string[] {
  if (keys === null) return [...KEYS_OF.get(node.resource_type) ?? NODE_KEYS, ...(exact ? [] : OUR_KEYS)]
  return project.rules.lsKeysAsGiven ? keys : fields.keys().flatMap((each) => (typeof each === 'string' && keys.includes(each) ? [each] : []))
}

function nested(fields: PyDict, path: string): Value | undefined {
  let at: Value | undefined = fields
  for (const key of path.split('.')) at = at instanceof PyDict ? at.getitem(key) : undefined
  return at
}

function fieldsOf(node: Listed, { exact, project }: Form): PyDict {
  const enabled = 'enabled' in node ? node.enabled : true
  const depends = 'depends_on' in node ? node.depends_on : null
  const ofConfig = 'config' in node ? firstUnknown(node.config.values()) : null
  const unknown = [...'unknown' in node ? node.unknown : [], ...ofConfig ? [ofConfig] : []]
  const fields = listedDict(project, node, new Map<string, Value>([['enabled', enabled], ['unknown', new PyList(unknown.map(({ code, message }) => new PyDict([['code', code], ['message', message]])))]]))
  // parser/manifest.py _backfill_direct_parents
  if (project.rules.lsHasDirectParents && depends && node.resource_type === 'model') fields.set('direct_parents', new PyList([...depends.nodes]))
  if (exact) return fields
  const sorted = (ids: readonly string[]) => new PyList(ids.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0)))
  const own = fields.get('depends_on')
  // A seed has no nodes there.
  if (depends && own instanceof PyDict) fields.set('depends_on', new PyDict([['macros', sorted(depends.macros)], ...(own.has('nodes') ? [['nodes', sorted(depends.nodes)] as const] : [])]))
  return fields
}

function listed(snapshot: Snapshot, id: string): Listed[] {
  const resource = resourceOf(snapshot, id)
  return resource && resource.resource_type !== 'macro' ? [resource as Listed] : []
}

function disabled(snapshot: Snapshot): Listed[] {
  const off = [...snapshot.manifest.nodes.values()].filter((node) => !node.enabled)
  return [...snapshot.manifest.disabled.values()].flat().concat(off).toSorted((one, other) => (one.unique_id < other.unique_id ? -1 : one.unique_id > other.unique_id ? 1 : 0))
}
