// Foreign keys and primary keys of YAML: the refs and sources that `to:` names, and what dbt refuses.
// dbt 1.12: parser/schemas.py patch_constraints, _process_constraints_refs_and_sources, _validate_pk_constraints.

import { reprOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Place } from '../../../text/span.ts'
import type { Column, RefArgs, ResourceCall } from '../../nodes/types.ts'
import type { Problem } from '../../problem.ts'
import { callOf, staticRef } from './static-ref.ts'
import type { NodePatch } from './work.ts'

export interface ConstraintTargets {
  readonly refs: readonly RefArgs[]
  readonly sources: readonly (readonly [string, string])[]
  readonly calls: readonly ResourceCall[]
  readonly problems: readonly Problem[]
}

/** `twice`: dbt patches versions two times and records their foreign keys as often. `path`: the model's own; null: several primary keys are fine (dbt 2). */
export function constraintTargets(patch: NodePatch, columns: ReadonlyMap<string, Column>, twice: boolean, path: string | null): ConstraintTargets {
  const refs: RefArgs[] = []
  const sources: (readonly [string, string])[] = []
  const calls: ResourceCall[] = []
  const problems: Problem[] = path === null ? [] : primaryKeys(patch, columns, path)
  const all: { readonly value: Value; readonly place: Place }[] = [
    ...patch.constraints.map((value, index) => ({ value, place: patch.constraintPlaces[index] ?? patch.place })),
    ...[...columns.values()].flatMap(column => column.constraints.map(value => ({ value, place: column.place }))),
  ]
  for (const { value, place } of all) {
    if (!(value instanceof PyDict) || value.get('type') !== 'foreign_key') continue
    const to = value.get('to')
    if (typeof to !== 'string' || to === '') continue
    const target = staticRef(to)
    if (!target) {
      problems.push({ code: 'ref-invalid', severity: 'error', message: `Invalid 'ref' or 'source' syntax on foreign key constraint 'to' on model ${patch.name}: ${to}.`, place })
      continue
    }
    if (target.kind === 'ref') refs.push(target.ref)
    else sources.push(target.source)
    calls.push({ ...callOf(target, place), foreignKey: true })
  }
  if (twice) {
    refs.push(...refs)
    sources.push(...sources)
  }
  return { refs, sources, calls, problems }
}

function isPrimary(value: Value): boolean { return value instanceof PyDict && value.get('type') === 'primary_key' }

function primaryKeys(patch: NodePatch, columns: ReadonlyMap<string, Column>, path: string): Problem[] {
  const names = [...columns.values()].flatMap(column => column.constraints.filter(isPrimary).map(() => column.name))
  const errors: string[] = []
  if (names.length > 1) errors.push(`Found ${names.length} columns ([${names.map(name => reprOf(name)).join(', ')}]) with primary key constraints defined. Primary keys for multiple columns must be defined as a model level constraint.`)
  if (names.length && patch.constraints.some(isPrimary)) errors.push('Primary key constraints defined at the model level and the columns level. Primary keys can be defined at the model level or the column level, not both.')
  return errors.length ? [{ code: 'constraint-invalid', severity: 'error', message: `Primary key constraint error: (${path})\n${errors.join('\n')}`, place: patch.place }] : []
}

const TYPES: readonly string[] = ['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom']

/** patch_constraints, _validate_constraint_prerequisites: what an enforced contract wants, and constraints of a type that is none. */
export function contractProblems(patch: NodePatch, columns: ReadonlyMap<string, Column>, enforced: boolean, language: string, path: string): Problem[] {
  const errors: string[] = []
  if (enforced && columns.size === 0) errors.push('Constraints must be defined in a `yml` schema configuration file like `schema.yml`.')
  if (enforced && language !== 'sql') errors.push(`Language Error: Expected 'sql' but found '${language}'`)
  if (errors.length) return [{ code: 'contract-invalid', severity: 'error', message: `Contract enforcement failed for: (${path})\n${errors.join('\n')}`, place: patch.configPlaces.findLast(each => each.key === 'contract')?.place ?? patch.place }]
  const typeOf = (value: Value): Value => value instanceof PyDict ? value.get('type') ?? null : null
  const index = patch.constraints.findIndex(value => !TYPES.includes(typeOf(value) as string))
  if (index < 0) return []
  const type = typeOf(patch.constraints[index] ?? null)
  const message = enforced ? `Invalid constraint type on model ${patch.name}: Type must be one of ${reprOf(new PyList([...TYPES]))}`
    : type === null ? 'Field "type" of type ConstraintType is missing in ModelLevelConstraint instance' : `Field "type" of type ConstraintType in ModelLevelConstraint has invalid value ${reprOf(type)}`
  return [{ code: 'constraint-invalid', severity: 'error', message, place: patch.constraintPlaces[index] ?? patch.place }]
}
