// Unit tests' rows as dbt keeps them (fixture files and CSV read, rows without None first) and the checksum that state:modified compares.
// dbt 1.12: parser/unit_tests.py UnitTestParser._validate_and_normalize_rows, contracts/graph/nodes.py build_unit_test_checksum.

import { reprOf, strOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import { csvRows } from '../../nodes/csv-rows.ts'
import { originalPath, stemOf } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import { sha256, strippedText } from '../../nodes/source-text.ts'
import type { OtherResource } from '../../nodes/types.ts'
import type { Rules } from '../../rules/rules.ts'
import { duplicateName } from '../messages.ts'
import { report } from './build.ts'
import type { Build } from './build.ts'
import { listOf } from './columns.ts'
import { staticRef } from './static-ref.ts'

/** Fixtures and seeds by kind, package and name. */
export type RowFiles = ReadonlyMap<string, ResourceFile>

/** Two fixtures of one name are refused (dbt 1.12 contracts/graph/manifest.py add_fixture). */
export function rowFiles(build: Build, resources: readonly ResourceFile[]): RowFiles {
  const files = new Map<string, ResourceFile>()
  for (const resource of resources) {
    if (resource.kind !== 'fixture' && resource.kind !== 'seed') continue
    const name = stemOf(resource.relativePath, false)
    const key = keyOf(resource.kind, resource.packageName, name)
    const known = files.get(key)
    if (known && resource.kind === 'fixture') {
      const named = (each: ResourceFile) => ({ unique_id: key, name, resource_type: 'fixture', original_file_path: originalPath(each) })
      report(build, 'name-duplicate', duplicateName(named(resource), named(known), name, name), { path: resource.file.path, start: 0, end: resource.file.text.length })
    } else files.set(key, resource)
  }
  return files
}

function keyOf(kind: 'fixture' | 'seed', packageName: string, name: string): string { return `${kind}.${packageName}.${name}` }

type Data = ReadonlyMap<string, Value>

/** The files whose rows a unit test takes. */
export function filesOf(files: RowFiles, packageName: string, data: Data): readonly (ResourceFile | undefined)[] {
  return [...listOf(data.get('given')), data.get('expect') ?? null].flatMap(item => {
    if (!(item instanceof PyDict)) return []
    const { fixture, seed } = namesOf(item)
    return [...fixture === null ? [] : [files.get(keyOf('fixture', packageName, fixture))], ...seed === null ? [] : [files.get(keyOf('seed', seed.packageName ?? packageName, seed.name))]]
  })
}

type Reason = OtherResource['unknown'][number]

/** What reading the rows finds out beside them. */
interface Findings { readonly errors: string[]; readonly unknown: Reason[] }

export interface UnitRows {
  readonly given: readonly Value[]
  readonly expect: Value
  readonly overrides: Value
  /** Null when the rows are not known. */
  readonly checksum: string | null
  /** dbt's refusals. */
  readonly errors: readonly string[]
  readonly unknown: readonly Reason[]
}

export interface UnitSource { readonly resource: ResourceFile; readonly files: RowFiles; readonly rules: Rules; readonly name: string; readonly seedPaths: readonly string[] }

export function unitRows(source: UnitSource, data: Data): UnitRows {
  const findings: Findings = { errors: [], unknown: [] }
  const read = (item: Value, kind: 'input' | 'expected'): Value => item instanceof PyDict ? fixtureOf(source, item, kind, findings) : item
  const given = listOf(data.get('given')).map(item => read(item, 'input'))
  const expect = read(data.get('expect') ?? null, 'expected')
  const overrides = overridesOf(data.get('overrides') ?? null)
  const parts = [strOf(data.get('model') ?? ''), versionsRepr(data.get('versions') ?? null), `[${given.map(item => fixtureRepr('UnitTestInputFixture', item)).join(', ')}]`,
    fixtureRepr('UnitTestOutputFixture', expect), overrides instanceof PyDict ? `UnitTestOverrides(${fieldsRepr(overrides, ['macros', 'vars', 'env_vars'])})` : 'None']
  for (const item of given) if (item instanceof PyDict && item.get('fixture')) parts.push(strOf(item.get('rows') ?? null))
  return { given, expect, overrides, checksum: findings.unknown.length === 0 ? sha256(parts.join('-')) : null, ...findings }
}

/** UnitTestInputFixture, UnitTestOutputFixture. */
function fixtureOf({ resource, files, rules, name, seedPaths }: UnitSource, item: PyDict, kind: 'input' | 'expected', { errors, unknown }: Findings): Value {
  const format = strOf(item.get('format') ?? 'dict')
  const { fixture, seed } = namesOf(item)
  const written = item.get('rows') ?? null
  const text = (file: ResourceFile | undefined, problem: string): string => {
    if (!file) errors.push(problem)
    if (file?.file.headerOnly) unknown.push({ code: 'seed-large', message: `the rows of ${originalPath(file)} were not read` })
    return file ? strippedText(file.file, rules).text : ''
  }
  const fixtureFile = fixture === null ? undefined : files.get(keyOf('fixture', resource.packageName, fixture))
  const missing = `File not found for fixture '${fixture ?? ''}' in unit tests in ${originalPath(resource)}`
  let rows: Value = written
  if (format === 'dict') {
    if (seed !== null) rows = new PyList(csvRows(text(files.get(keyOf('seed', seed.packageName ?? resource.packageName, seed.name)), seedMissing(seed.packageName ?? resource.packageName, seed.name, resource.packageName, seedPaths))))
    if (!(rows instanceof PyList)) errors.push(`Unit test ${name} has ${kind} rows which do not match format dict`)
  } else if (typeof written !== 'string' && fixture === null) {
    errors.push(`Unit test ${name} has ${kind} rows or fixtures which do not match format ${format}.  Expected string.`)
  } else if (format === 'csv') {
    const isCsv = fixtureFile === undefined || !fixtureFile.relativePath.endsWith('.sql')
    const source = fixture === null ? strOf(written) : text(fixtureFile, missing)
    rows = isCsv ? new PyList(csvRows(source).map(row => new PyDict(row.items().map(([key, value]) => [key, value === '' ? null : value])))) : source
  } else if (fixture !== null) rows = fixtureFile?.relativePath.endsWith('.csv') ? new PyList(csvRows(text(fixtureFile, missing))) : text(fixtureFile, missing)
  const fields: [Value, Value][] = [['rows', format !== 'sql' && rows instanceof PyList ? fullRowFirst(rows) : rows], ['format', format], ['fixture', fixture]]
  return new PyDict(kind === 'input' ? [['input', item.get('input') ?? null], ...fields] : fields)
}

/** _load_rows_from_seed. */
function seedMissing(packageName: string, name: string, own: string, seedPaths: readonly string[]): string {
  const where = packageName === own ? `directories: ${reprOf(new PyList([...seedPaths]))}` : `'${packageName}' package`
  return `Unable to find seed '${packageName}.${name}' for unit tests in ${where}`
}

/** _promote_first_non_none_row. */
function fullRowFirst(rows: PyList): PyList {
  const index = rows.items.findIndex(row => row instanceof PyDict && row.items().every(([, value]) => value !== null))
  const [first, full] = [rows.items[0], rows.items[index]]
  if (index <= 0 || first === undefined || full === undefined) return rows
  const swapped = [...rows.items]
  swapped[0] = full
  swapped[index] = first
  return new PyList(swapped)
}

function namesOf(item: PyDict): { readonly fixture: string | null; readonly seed: { readonly packageName: string | null; readonly name: string } | null } {
  const fixture = item.get('fixture')
  const input = item.get('input')
  if (typeof fixture === 'string' && fixture !== '') return { fixture, seed: null }
  const format = item.get('format') ?? 'dict'
  const target = format === 'dict' && (item.get('rows') ?? null) === null && typeof input === 'string' ? staticRef(input) : null
  return { fixture: null, seed: target?.kind === 'ref' ? { packageName: target.ref.package, name: target.ref.name } : null }
}

/** UnitTestOverrides, with all of its fields. */
function overridesOf(value: Value): Value {
  return value instanceof PyDict ? new PyDict(['macros', 'vars', 'env_vars'].map(key => [key, value.get(key) ?? new PyDict()] as const)) : null
}

function versionsRepr(value: Value): string { return value instanceof PyDict ? `UnitTestNodeVersions(${fieldsRepr(value, ['include', 'exclude'])})` : 'None' }

function fieldsRepr(value: PyDict, keys: readonly string[]): string { return keys.map(key => `${key}=${reprOf(value.get(key) ?? null)}`).join(', ') }

const FORMATS: ReadonlyMap<string, string> = new Map(Object.entries<string>({ csv: 'CSV', dict: 'Dict', sql: 'SQL' }))

/** Python's repr of the dataclass. */
function fixtureRepr(name: string, item: Value): string {
  if (!(item instanceof PyDict)) return reprOf(item)
  return `${name}(${item.items().map(([key, value]) => `${strOf(key)}=${key === 'format' ? `<UnitTestFormat.${FORMATS.get(strOf(value)) ?? strOf(value)}: ${reprOf(value)}>` : reprOf(value)}`).join(', ')})`
}
