// A model's contract against the state's: changed, and if so breaking? dbt-core 1.12 contracts/graph/nodes.py ModelNode.same_contract.
// The warnings and the error are dbt's own texts, word by word.

import { reprOf } from '../../jinja/repr.ts'
import { PyDict, PyList, type Value } from '../../jinja/value.ts'
import type { Column, ManifestNode } from '../nodes/types.ts'
import type { Rules } from '../rules/rules.ts'
import { sameFields } from './compare-values.ts'
import { isEnforced } from './constraint-support.ts'
import { fieldsOf } from './open.ts'
import { reason, type Compared } from './reasons.ts'
import type { StateNode } from './types.ts'

const SAME: Compared = { reasons: [], warnings: [], error: null }

export function compareContract(current: ManifestNode, old: StateNode, rules: Rules, adapterType: string): Compared {
  const before = contractOf(old)
  if (!before.enforced && !current.contract.enforced) return SAME
  const change = [reason('contract', 'contract', 'the contract changed')]
  if (!before.enforced) return { ...SAME, reasons: [reason('contract', 'contract', 'the contract is enforced now')] }
  if (rules.comparison.contract === 'enforced') {
    // 2: switched off in so many words is a change; the key taken away is an error.
    return current.contract.enforced ? SAME : { reasons: change, warnings: [], error: current.unrendered_config.has('contract') ? null : breakingError([REMOVED]) }
  }
  if (current.contract.enforced && current.contract.checksum === before.checksum) return SAME
  const breaking = breakingChanges(current, old, rules, adapterType)
  if (breaking.length === 0) return { ...SAME, reasons: change }
  const reasons = [reason('contract', 'contract', `breaking change to the contract:\n  - ${breaking.join('\n  - ')}`)]
  return current.version === null ? { reasons, warnings: [breakingWarning(current.name, current.original_file_path, breaking)], error: null } : { reasons, warnings: [], error: breakingError(breaking) }
}

/** same_contract_removed: a model of the state that is deleted, renamed or disabled here. `now`: ISO time. */
export function compareRemoved(node: { readonly unique_id: string; readonly name: string; readonly path: string; readonly version: Value; readonly enforced: boolean; readonly disabled: boolean; readonly deprecationDate: string | null }, now: string | null): Compared {
  if (!node.enforced || (node.deprecationDate !== null && now !== null && Date.parse(node.deprecationDate) < Date.parse(now))) return SAME
  const breaking = [`Contracted model '${node.unique_id}' was ${node.disabled ? 'disabled' : 'deleted or renamed'}.`]
  return node.version === null ? { ...SAME, warnings: [breakingWarning(node.name, node.path, breaking)] } : { ...SAME, error: breakingError(breaking) }
}

export function contractOf(node: StateNode): { readonly enforced: boolean; readonly checksum: string | null } {
  const contract = node.fields.get('contract')
  const checksum = contract instanceof PyDict ? contract.get('checksum') : null
  return { enforced: contract instanceof PyDict && contract.get('enforced') === true, checksum: typeof checksum === 'string' ? checksum : null }
}

const REMOVED = 'Contract enforcement was removed: Previously, this model had an enforced contract. It is no longer configured to enforce its contract, and this is a breaking change.'

function breakingChanges(current: ManifestNode, old: StateNode, rules: Rules, adapterType: string): string[] {
  const enforces = ['table', 'incremental'].includes(old.materialized ?? '')
  const oldColumns = columnsOf(old)
  const removed: string[] = []
  const types: string[] = []
  const columnConstraints: string[] = []
  for (const [key, before] of oldColumns) {
    const now = current.columns.get(key)
    if (!now) { removed.push(before.name); continue }
    if (before.data_type !== now.data_type && baseType(before.data_type, rules) !== baseType(now.data_type, rules)) types.push(`${before.name} (${before.data_type ?? 'None'} -> ${now.data_type ?? 'None'})`)
    if (!enforces) continue
    for (const constraint of gone(before.constraints, now.constraints, adapterType)) columnConstraints.push(`'${constraint.label}' constraint on column ${key}`)
  }
  const oldConstraints = itemsOf(old.fields.get('constraints'))
  const modelConstraints = enforces ? gone(oldConstraints, current.constraints, adapterType).map(({ label, columns }) => `'${label}' constraint on columns ${columns}`) : []
  const materialized = current.config.get('materialized')
  const anyConstraint = oldConstraints.length > 0 || oldColumns.some(([, column]) => column.constraints.length > 0)
  return [
    ...(current.contract.enforced ? [] : [REMOVED]),
    ...list('Columns were removed', removed),
    ...list('Columns with data_type changes', types),
    ...list('Enforced column level constraints were removed', columnConstraints),
    ...list('Enforced model level constraints were removed', modelConstraints),
    ...(enforces && materialized !== 'table' && materialized !== 'incremental' && anyConstraint ? list('Materialization changed with enforced constraints', [`${old.materialized ?? ''} -> ${typeof materialized === 'string' ? materialized : ''}`]) : []),
  ]
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [`${title}: \n    - ${lines.join('\n    - ')}`] : []
}

interface OldColumn { readonly name: string; readonly data_type: string | null; readonly constraints: readonly Value[] }

function columnsOf(node: StateNode): readonly (readonly [string, OldColumn])[] {
  const columns = node.fields.get('columns')
  if (!(columns instanceof PyDict)) return []
  return Array.from(fieldsOf(columns)).flatMap(([key, column]): (readonly [string, OldColumn])[] => {
    if (!(column instanceof PyDict)) return []
    const [name, type] = [column.get('name'), column.get('data_type')]
    return [[key, { name: typeof name === 'string' ? name : key, data_type: typeof type === 'string' ? type : null, constraints: itemsOf(column.get('constraints')) }]]
  }).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

/** Old constraints without an equal among the new ones, of a type the adapter enforces. */
function gone(old: readonly Value[], now: Column['constraints'], adapterType: string): { readonly label: string; readonly columns: string }[] {
  return old.flatMap((constraint) => {
    if (!(constraint instanceof PyDict) || now.some((candidate) => sameFields(constraint, candidate))) return []
    const [type, name] = [constraint.get('type'), constraint.get('name')]
    if (typeof type !== 'string' || !isEnforced(adapterType, type)) return []
    return [{ label: typeof name === 'string' ? name : type, columns: reprOf(constraint.get('columns') ?? new PyList([])) }]
  })
}

/** From 1.11 on sizes don't count: text before `(`, lower-cased. */
function baseType(type: string | null, rules: Rules): string | null {
  return type === null || !rules.contractIgnoresSizes ? type : (type.split('(')[0] ?? '').trim().toLowerCase()
}

function itemsOf(value: Value | undefined): readonly Value[] {
  return value instanceof PyList ? value.items : []
}

function breakingWarning(name: string, path: string, changes: readonly string[]): string {
  return `Breaking change to contracted, unversioned model ${name} (${path})\nWhile comparing to previous project state, dbt detected a breaking change to an unversioned model.\n  - ${changes.join('\n  - ')}\n`
}

function breakingError(changes: readonly string[]): string {
  return `While comparing to previous project state, dbt detected a breaking change to an enforced contract.\n  - ${changes.join('\n  - ')}\nConsider making an additive (non-breaking) change instead, if possible.\nOtherwise, create a new model version: https://docs.getdbt.com/docs/collaborate/govern/model-versions`
}
