// From calls to edges: what each ref, source, function and metric of a resource means, in dbt's order, and dbt's errors at the calls.
// dbt 1.12: parser/manifest.py _process_sources_for_node, _process_refs, _process_metrics_for_node, _process_functions_for_node.

import { strOf } from '../../jinja/repr.ts'
import { compact } from '../../text/compact.ts'
import type { Place } from '../../text/span.ts'
import type { Manifest, ManifestNode, OtherResource, RefArgs, ResourceCall } from '../nodes/types.ts'
import { relatedVia } from '../nodes/via.ts'
import type { Problem } from '../problem.ts'
import type { Project } from '../project/types.ts'
import { idsOf, lookupOf, resolveFunction, resolveMetric, resolveRef, resolveSource } from './lookup.ts'
import type { Found } from './lookup.ts'
import { ambiguousRef, forbiddenRef, targetNotFound } from './messages.ts'

export interface Edges {
  readonly nodes: readonly string[]
  readonly problems: readonly Problem[]
  /** A test on something that is missing or disabled stays, switched off. */
  readonly switchedOff: boolean
}

type Resource = ManifestNode | OtherResource

/** The edges of one resource; nothing of the manifest but its names is read. */
export function resolveEdges(project: Project, manifest: Manifest, resource: Resource): Edges {
  if (resource.resource_type === 'seed') {
    return { nodes: [], problems: [], switchedOff: false }
  }
  const nodes = new Set<string>()
  let switchedOff = false
  const add = (found: Found): void => {
    if (found.kind === 'found') nodes.add(found.unique_id)
    else switchedOff = true
  }
  // Manifest.process_sources of dbt 1 passes functions over.
  if (resource.resource_type !== 'function' || project.rules.strictYaml) for (const [source, table] of resource.sources) add(resolveSource(project, manifest, resource.package_name, source, table))
  for (const ref of resource.refs) add(resolveRef(project, manifest, resource.package_name, ref))
  for (const metric of resource.metrics) add(resolveMetric(project, manifest, resource.package_name, metric))
  if ('functions' in resource) for (const args of resource.functions) add(resolveFunction(project, manifest, resource.package_name, args))
  // The semantic model of a model's own entry refers to it without a call.
  const calls = resource.resource_type === 'semantic_model' && !resource.calls.length ? resource.refs.map(ref => ownRef(resource, ref)) : resource.calls
  // dbt 2 looks at no metric of a saved query.
  const problems = resource.resource_type === 'saved_query' && project.rules.strictYaml ? [] : calls.flatMap(call => callProblem(project, manifest, resource, call))
  return { nodes: compact([...nodes]), problems: compact(problems), switchedOff: switchedOff && resource.resource_type === 'test' }
}

function ownRef({ place }: Resource, ref: RefArgs): ResourceCall {
  return { kind: 'ref', args: [ref.name], version: ref.version, invalid: null, span: place, path: place.path, nameSpan: place, via: [], certain: true }
}

/** What a call means; calls with illegal arguments mean nothing. */
export function resolveCall(project: Project, manifest: Manifest, packageName: string, call: ResourceCall): Found {
  if (call.invalid !== null) return { kind: 'missing' }
  switch (call.kind) {
    case 'ref': return resolveRef(project, manifest, packageName, refOf(call))
    case 'source': return resolveSource(project, manifest, packageName, call.args[0] ?? '', call.args[1] ?? '')
    case 'function': return resolveFunction(project, manifest, packageName, call.args)
    case 'metric': return resolveMetric(project, manifest, packageName, call.args)
  }
}

export function refOf(call: ResourceCall): RefArgs {
  return { name: call.args.at(-1) ?? '', package: call.args.length > 1 ? call.args[0] ?? null : null, version: call.version }
}

function callProblem(project: Project, manifest: Manifest, resource: Resource, call: ResourceCall): Problem[] {
  if (!call.certain) return []
  const span = call.nameSpan ?? call.span
  const place: Place = { path: call.path, start: span.start, end: span.end }
  const problem = (code: string, message: string, severity: Problem['severity'] = 'error', more: object = {}): Problem[] => [{ code, severity, message, place, unique_id: resource.unique_id, data: { kind: call.kind, args: call.args, ...more }, ...relatedVia(call) }]
  // Evaluation has reported it where it stands.
  if (call.invalid !== null) return []
  const found = resolveCall(project, manifest, resource.package_name, call)
  switch (found.kind) {
    case 'ambiguous': return problem(`${call.kind}-ambiguous`, ambiguousRef(found.key, found.ids))
    case 'missing':
    case 'disabled': return found.kind === 'missing' && call.kind === 'ref' && mayBeUpstream(project, refOf(call).package) ? [] : problem(missingCode(manifest, call, found), missingMessage(resource, call, found.kind === 'disabled'), resource.resource_type === 'test' ? found.kind === 'disabled' ? 'hint' : 'warning' : 'error')
    case 'found': {
      const refusal = call.kind === 'ref' ? refusedRef(project, manifest, resource, found.unique_id) : null
      return refusal === null ? [] : problem('ref-forbidden', refusal, 'error', { target: found.unique_id })
    }
  }
}

function missingCode(manifest: Manifest, call: ResourceCall, found: Found): string {
  if (found.kind === 'disabled') return `${call.kind}-disabled`
  if (call.kind === 'ref' && call.version !== null) {
    const { name, package: packageName } = refOf(call)
    const { refs } = lookupOf(manifest)
    if (refs.has(name) || idsOf(refs, name, packageName).length) return 'ref-version-not-found'
  }
  return `${call.kind}-not-found`
}

function missingMessage(resource: Resource, call: ResourceCall, disabled: boolean): string {
  if (call.kind === 'source') return targetNotFound(resource, { kind: 'source', name: `${call.args[0] ?? ''}.${call.args[1] ?? ''}`, package: null, version: null, disabled })
  const { name, package: packageName, version } = refOf(call)
  return targetNotFound(resource, { kind: call.kind === 'ref' ? 'node' : call.kind, name, package: packageName, version: version === null ? null : strOf(version), disabled })
}

const ADHOC: ReadonlySet<string> = new Set(['sql_operation', 'macro'])

/** A name that is not found may be in another project's manifest that was not read. */
export function mayBeUpstream({ upstream, packages }: Project, packageName: string | null): boolean {
  return upstream.incomplete && (packageName === null || !packages.has(packageName))
}

/** is_invalid_private_ref, is_invalid_protected_ref: dbt's refusal, or null. */
export function refusedRef(project: Project, manifest: Manifest, from: Pick<Resource, 'unique_id' | 'resource_type' | 'package_name' | 'group'>, targetId: string): string | null {
  const target = manifest.nodes.get(targetId)
  if (target?.resource_type !== 'model' || target.access === 'public' || ADHOC.has(from.resource_type)) return null
  const elsewhere = from.package_name !== target.package_name && (project.packages.get(target.package_name)?.restrictAccess ?? project.upstream.projects.has(target.package_name))
  if (target.access === 'private') {
    // dbt-loom's own is_invalid_private_ref lets in who has no group.
    const outside = project.upstream.loom ? Boolean(from.group) && from.group !== target.group : !from.group || from.group !== target.group
    return outside || elsewhere ? forbiddenRef(from.unique_id, targetId, 'private', target.group ?? '') : null
  }
  return elsewhere ? forbiddenRef(from.unique_id, targetId, 'protected', target.package_name) : null
}
