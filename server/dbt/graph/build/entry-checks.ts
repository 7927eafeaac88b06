// What dbt's schemas refuse in one entry of a property file, in dbt's words. Only rules that were seen refused; everything else passes.
// dbt 1.12: contracts/graph/unparsed.py (UnparsedExposure, UnparsedGroup, HasColumnDocs), exceptions.py YamlParseDictError.

import { reprOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Section } from '../../nodes/property-file.ts'

const EXPOSURE_TYPES = ['dashboard', 'notebook', 'analysis', 'ml', 'application']
const NODES: ReadonlySet<Section> = new Set(['models', 'seeds', 'snapshots', 'analyses'])

/** Null when nothing is wrong. `path`: the file's original_file_path. */
export function entryRefusal(section: Section, path: string, entry: PyDict): string | null {
  const problem = NODES.has(section) ? nodeProblem(entry) : section === 'exposures' ? exposureProblem(entry) : section === 'groups' ? groupProblem(entry) : null
  return problem === null ? null : `Invalid ${section} config given in ${path} @ ${section}: ${reprOf(entry)} - at path ${problem}`
}

function nodeProblem(entry: PyDict): string | null {
  return typeProblem(entry, 'columns', value => value instanceof PyList, 'array') ?? typeProblem(entry, 'config', value => value instanceof PyDict, 'object')
}

function typeProblem(entry: PyDict, key: string, is: (value: Value) => boolean, type: string): string | null {
  const value = entry.get(key)
  return value === undefined || value === null || is(value) || (typeof value === 'object' && value.unknown) ? null : `['${key}']: ${reprOf(value)} is not of type '${type}'`
}

function exposureProblem(entry: PyDict): string | null {
  for (const key of ['type', 'owner']) if (!entry.has(key)) return `[]: '${key}' is a required property`
  const type = entry.get('type') ?? null
  if (typeof type === 'string' && !EXPOSURE_TYPES.includes(type)) return `['type']: ${reprOf(type)} is not one of ${reprOf(new PyList(EXPOSURE_TYPES))}`
  return ownerProblem('Exposure', entry)
}

function groupProblem(entry: PyDict): string | null {
  return entry.has('owner') ? ownerProblem('Group', entry) : "[]: 'owner' is a required property"
}

function ownerProblem(of: string, entry: PyDict): string | null {
  const owner = entry.get('owner') ?? null
  if (!(owner instanceof PyDict)) return null
  return (owner.get('name') ?? null) === null && (owner.get('email') ?? null) === null ? `[]: ${of} owner must have at least one of 'name' or 'email'.` : null
}
