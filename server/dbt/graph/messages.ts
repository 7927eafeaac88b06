// dbt's own sentences about lookups and duplicates (dbt 1.12 exceptions.py), word by word. No decisions here.

interface Named { readonly unique_id: string; readonly name: string; readonly original_file_path: string; readonly resource_type: string }

/** Python's str.title() of a resource type: `Model`, `Sql_Operation`. */
function titled(type: string): string { return type.replace(/[A-Za-z]+/g, word => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()) }

export interface MissingTarget {
  readonly kind: 'node' | 'source' | 'function' | 'metric'
  readonly name: string
  readonly package: string | null
  readonly version: string | null
  readonly disabled: boolean
}

/** TargetNotFoundError. */
export function targetNotFound(node: Named, target: MissingTarget): string {
  const version = target.version === null ? '' : `with version '${target.version}' `
  const place = target.package === null ? '' : `in package or project '${target.package}' `
  return `${titled(node.resource_type)} '${node.unique_id}' (${node.original_file_path}) depends on a ${target.kind} named '${target.name}' ${version}${place}which ${target.disabled ? 'is disabled' : 'was not found'}`
}

/** AmbiguousResourceNameRefError. */
export function ambiguousRef(name: string, ids: readonly string[]): string {
  const packages = ids.map(id => id.split('.')[1] ?? '')
  return `When referencing '${name}', dbt found nodes in multiple packages: '${ids.join("', '")}'\nTo fix this, use two-argument 'ref', with the package name first: '${packages.join("' or '")}'`
}

/** DbtReferenceError. */
export function forbiddenRef(from: string, to: string, access: 'private' | 'protected', scope: string): string {
  return `Node ${from} attempted to reference node ${to}, which is not allowed because the referenced node is ${access} to the '${scope}' ${access === 'private' ? 'group' : 'package'}.`
}

/** AmbiguousAliasError. */
export function sameRelation(one: Named, two: Named, relation: string): string {
  return `dbt found two resources with the database representation "${relation}".\ndbt cannot create two resources with identical database representations. To fix this,\nchange the configuration of one of these resources:\n- ${one.unique_id} (${one.original_file_path})\n- ${two.unique_id} (${two.original_file_path})`
}

const PLURAL: { readonly [type: string]: string } = { analysis: 'analyses', saved_query: 'saved_queries', test: 'data_tests' }

function pluralOf(type: string): string { return PLURAL[type] ?? `${type}s` }

/** DuplicateResourceNameError. `shown`: how dbt names the duplicate (`ref("x")`, `doc("x")`, `tests`, or the name in quotes). */
export function duplicateName(one: Named, two: Named, duped: string, shown: string, action = 'looking for'): string {
  const kinds = one.resource_type === two.resource_type ? pluralOf(one.resource_type) : 'resources'
  return `dbt found two ${kinds} with the name "${duped}".\n\nSince these resources have the same name, dbt will be unable to find the correct resource\nwhen ${action} ${shown}.\n\nTo fix this, change the name of one of these resources:\n- ${one.unique_id} (${one.original_file_path})\n- ${two.unique_id} (${two.original_file_path})`
}

/** _fix_dupe_msg. */
function fixDuplicate(first: string, second: string, name: string, type: string): string {
  return first === second
    ? `remove one of the ${type} entries for ${name} in this file:\n - ${first}`
    : `remove the ${type} entry for ${name} in one of these files:\n - ${first}\n - ${second}`
}

/** DuplicatePatchPathError. */
export function duplicatePatch(name: string, path: string, existing: string): string {
  return `dbt found two schema.yml entries for the same resource named ${name}. Resources and their associated columns may only be described a single time. To fix this, ${fixDuplicate(path, existing, name, 'resource')}`
}

/** DuplicateMacroPatchNameError. */
export function duplicateMacroPatch(name: string, packageName: string, path: string, existing: string): string {
  return `dbt found two schema.yml entries for the same macro in package ${packageName} named ${name}. Macros may only be described a single time. To fix this, ${fixDuplicate(path, existing, name, 'macros')}`
}

/** DuplicateSourcePatchNameError. */
export function duplicateSourcePatch(name: string, packageName: string, path: string, existing: string): string {
  return `dbt found two schema.yml entries for the same source named ${name} in package ${packageName}. Sources may only be overridden a single time. To fix this, ${fixDuplicate(path, existing, `${packageName}.${name}`, 'sources')}`
}

/** DuplicateVersionedUnversionedError. */
export function versionedAndNot(name: string, unversioned: Named, patchPath: string): string {
  return `dbt found versioned and unversioned models with the name "${name}".\n\nSince these resources have the same name, dbt will be unable to find the correct resource\nwhen looking for ref('${name}').\n\nTo fix this, change the name of the unversioned resource\n${unversioned.unique_id} (${unversioned.original_file_path})\nor add the unversioned model to the versions in ${patchPath}`
}

/** DuplicateNameDistinctNodeTypesDeprecation. */
export function sameNameOtherType(one: Named & { readonly package_name: string }, two: Named): string {
  return `Found resources with the same name '${one.name}' in package '${one.package_name}': '${one.unique_id}' and '${two.unique_id}'. Please update one of the resources to have a unique name.`
}
