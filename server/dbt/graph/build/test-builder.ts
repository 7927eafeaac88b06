// One generic test of YAML: its name, arguments and config pulled apart as dbt's TestBuilder does, down to its messages.
// dbt 1.12: parser/generic_test_builders.py. Values are raw YAML but for the config, which is rendered.

import { reprOf, strOf } from '../../../jinja/repr.ts'
import { typeNameOf } from '../../../jinja/types.ts'
import { PyDict, PyList, PyTuple } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Rules } from '../../rules/rules.ts'

/** In dbt's order; these keys of a test are config, at the top or under `config`. */
const CONFIG_ARGS: readonly string[] = [
  'severity', 'tags', 'enabled', 'where', 'limit', 'warn_if', 'error_if', 'fail_calc', 'store_failures', 'store_failures_as', 'meta', 'database', 'schema', 'alias',
]
const WITH_HEADER: readonly string[] = [...CONFIG_ARGS.slice(0, 10), 'sql_header', ...CONFIG_ARGS.slice(10)]

export interface BuiltTest {
  readonly name: string
  readonly namespace: string | null
  readonly args: ReadonlyMap<string, Value>
  readonly config: ReadonlyMap<string, Value>
  readonly tags: readonly string[]
  readonly description: string
  /** A description that is no text; null when all is well. */
  readonly wrongDescription: Value
  /** The user's own `name:`, null when dbt makes one up. */
  readonly given: string | null
  /** Arguments stand at the top though the flag wants them under `arguments:` (deprecated in 1.x, refused by 2). */
  readonly topLevelArguments: boolean
  /** A `config:` that stands under `arguments:`. */
  readonly configInArguments: Value | null
  /** Keys of its config that stand beside `config:` though the flag wants them in it. */
  readonly topLevelConfig: readonly string[]
}

/** `compiling`: dbt's exception is a CompilationError, of which SchemaGenericTestParser.parse_generic_test says other words than of a ParsingError. */
export interface TestRefusal { readonly message: string; readonly compiling?: true }

export interface TestOptions {
  /** require_generic_test_arguments_property. */
  readonly argumentsProperty: boolean
  readonly configKeys: Rules['testConfigKeys']
  readonly columnName: string | null
  readonly hasDescription: boolean
  readonly model: string
  /** A value of the config; `test` and `key` say whose. */
  render(text: string, test: string, key: string): Value
}

const NAME = /^(?:([a-zA-Z_][0-9a-zA-Z_]*)\.)?([a-zA-Z_][0-9a-zA-Z_]*)/

export function buildTest(test: Value, options: TestOptions): BuiltTest | TestRefusal {
  const definition = typeof test === 'string' ? new PyDict([[test, new PyDict()]]) : test
  if (!(definition instanceof PyDict)) return { message: `test must be dict or str, got <class '${typeNameOf(test)}'> (value ${strOf(test)})` }
  const split = nameAndArguments(definition)
  if ('message' in split) return split
  const args = new Map<string, Value>()
  for (const [key, value] of split.args.items()) args.set(strOf(key), value)
  if (options.columnName !== null) args.set('column_name', options.columnName)
  const nested = args.get('arguments')
  const topLevelArguments = options.argumentsProperty && takeArguments(args)
  const topLevelConfig = options.argumentsProperty ? split.args.items().map(([key]) => strOf(key)).filter(key => configArgs(options).includes(key)) : []
  if (args.has('model')) return { message: 'Test arguments include "model", which is a reserved argument', compiling: true }
  args.set('model', options.model)
  const match = NAME.exec(split.name)
  if (!match) return { message: `Test name string did not match expected pattern: ${split.name}`, compiling: true }
  const config = takeConfig(args, match[2] ?? '', options)
  if (!(config instanceof Map)) return config
  const tags = tagsOf(config.get('tags'))
  if (!Array.isArray(tags)) return tags
  const description = options.hasDescription ? args.get('description') : ''
  if (options.hasDescription) args.delete('description')
  const given = args.get('name')
  args.delete('name')
  return {
    name: match[2] ?? '', namespace: match[1] ?? null, args, config, tags, topLevelArguments, topLevelConfig, configInArguments: nested instanceof PyDict ? nested.get('config') ?? null : null,
    wrongDescription: typeof description === 'string' ? null : description ?? null, description: typeof description === 'string' ? description : '', given: given === undefined ? null : strOf(given),
  }
}

function nameAndArguments(test: PyDict): { readonly name: string; readonly args: PyDict } | TestRefusal {
  let name: Value
  let args: Value
  if (test.has('test_name')) {
    name = test.get('test_name') ?? null
    args = new PyDict(test.items().filter(([key]) => key !== 'test_name'))
  } else {
    const items = test.items()
    const only = items[0]
    if (items.length !== 1 || !only) return { message: `test definition dictionary must have exactly one key, got ${reprOf(new PyList(items.map(pair => new PyTuple(pair))))} instead (${items.length} keys)` }
    ;[name, args] = only
  }
  if (!(args instanceof PyDict)) return { message: `test arguments must be a dict, got <class '${typeNameOf(args)}'> (value ${strOf(args)})` }
  if (typeof name !== 'string') return { message: `test name must be a str, got <class '${typeNameOf(name)}'> (value ${strOf(name)})` }
  return { name, args }
}

const TOP_LEVEL: ReadonlySet<string> = new Set(['config', 'column_name', 'description', 'name', ...WITH_HEADER])

/** `arguments:` becomes arguments; true when others stand beside it. */
function takeArguments(args: Map<string, Value>): boolean {
  const given = args.get('arguments') ?? new PyDict()
  args.delete('arguments')
  const misplaced = !(given instanceof PyDict && given.entries.size) && [...args.keys()].some(key => !TOP_LEVEL.has(key))
  if (given instanceof PyDict) for (const [key, value] of given.items()) args.set(strOf(key), value)
  return misplaced
}

function configArgs({ configKeys }: TestOptions): readonly string[] { return configKeys === 'any-and-header' ? WITH_HEADER : CONFIG_ARGS }

function takeConfig(args: Map<string, Value>, test: string, options: TestOptions): Map<string, Value> | TestRefusal {
  const { configKeys, render } = options
  const nested = args.get('config')
  if (nested !== undefined && !(nested instanceof PyDict)) return { message: `'config' must be a dict, got <class '${typeNameOf(nested)}'> (value ${strOf(nested)})` }
  const rest = new Map<string, Value>(nested ? nested.items().map(([key, value]) => [strOf(key), value]) : [])
  const config = new Map<string, Value>()
  const put = (key: string, value: Value): void => {
    const rendered = typeof value === 'string' ? render(value, test, key) : value
    if (rendered !== null) config.set(key, rendered)
  }
  for (const key of configArgs(options)) {
    let value = args.get(key) ?? null
    args.delete(key)
    const truthy = value !== null && value !== false && value !== '' && value !== 0n && value !== 0 && !(value instanceof PyList && !value.items.length) && !(value instanceof PyDict && !value.entries.size)
    if (truthy && rest.has(key)) return { message: 'Test cannot have the same key at the top-level and in config', compiling: true }
    if (!truthy && nested) {
      value = rest.get(key) ?? null
      rest.delete(key)
    }
    put(key, value)
  }
  if (configKeys !== 'listed') for (const [key, value] of rest) put(key, value)
  args.delete('config')
  return config
}

function tagsOf(value: Value | undefined): string[] | TestRefusal {
  if (value === undefined) return []
  if (typeof value === 'string') return [value]
  if (!(value instanceof PyList)) return { message: `got ${strOf(value)} (<class '${typeNameOf(value)}'>) for tags, expected a list of strings`, compiling: true }
  const tags: string[] = []
  for (const tag of value.items) {
    if (typeof tag !== 'string') return { message: `got ${strOf(tag)} (<class '${typeNameOf(tag)}'>) for tag, expected a str`, compiling: true }
    tags.push(tag)
  }
  return tags
}
